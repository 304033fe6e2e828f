// SPDX-License-Identifier: MIT
#include "actionbutton.h"

#include <QAction>
#include <QMenu>
#include <QPushButton>

QPushButton* makeActionButton(QAction* action, QWidget* parent, const QString& text) {
    auto* button = new QPushButton(text, parent);
    if (action->menu())
        button->setMenu(action->menu());
    else
        QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    const auto follow = [button, action, own = !text.isEmpty()] {
        if (!own) button->setText(action->text());
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
        button->setVisible(action->isVisible());
    };
    QObject::connect(action, &QAction::changed, button, follow);
    follow();
    return button;
}
