// SPDX-License-Identifier: MIT
#include "factlist.h"

#include "elidedlabel.h"
#include "type.h"

#include <QGridLayout>

FactList::FactList(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(5);
    m_grid->setColumnStretch(1, 1);
}

void FactList::addRow(const QString& key, const QString& name, bool code) {
    const int row = m_grid->rowCount();
    auto* label = new ElidedLabel(name, this);
    label->setMuted(true);
    label->setRoomFor(tr("Done closed:"));
    auto* value = new ElidedLabel(this);
    value->setAccessibleDescription(name);
    Type::use(value, code ? Type::Rank::SmallCode : Type::Rank::Body);
    m_grid->addWidget(label, row, 0);
    m_grid->addWidget(value, row, 1);
    connect(value, &ElidedLabel::linkActivated, this, &FactList::linkActivated);
    m_values.insert(key, value);
    set(key, {});
}

void FactList::set(const QString& key, const QString& value, const QString& href) {
    if (ElidedLabel* label = m_values.value(key)) {
        label->setMuted(value.isEmpty());
        label->setText(value.isEmpty() ? QStringLiteral("–") : value);
        label->setHref(href);
    }
}

QString FactList::value(const QString& key) const {
    const ElidedLabel* label = m_values.value(key);
    return label ? label->text() : QString();
}
