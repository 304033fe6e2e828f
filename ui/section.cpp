// SPDX-License-Identifier: MIT
#include "section.h"

#include "type.h"

#include <QFrame>
#include <QLineEdit>

QLabel* makeHeading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("muted", true);
    Type::use(label, Type::Rank::Heading);
    return label;
}

void plainSideButtons(QLineEdit* line) {
    line->setStyleSheet(
        QStringLiteral("QToolButton, QToolButton:hover, QToolButton:pressed, QToolButton:focus { "
                       "padding: 0; border: 0; min-width: 0; min-height: 0; background: transparent; }"));
}

QWidget* makeRule(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setFixedHeight(1);
    return line;
}
