// SPDX-License-Identifier: MIT
#include "inspectorheader.h"

#include "elidedlabel.h"
#include "type.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

InspectorHeader::InspectorHeader(QWidget* parent)
    : QWidget(parent), m_name(new ElidedLabel(this)), m_kind(new ElidedLabel(this)),
      m_number(new ElidedLabel(this)), m_pill(new StatePill(this)) {
    Type::use(m_name, Type::Rank::Title);
    Type::use(m_number, Type::Rank::SmallCode);
    m_kind->setMuted(true);
    m_number->setMuted(true);
    m_number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* first = new QHBoxLayout;
    first->addWidget(m_pill);
    first->addWidget(m_number, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(first);
    column->addWidget(m_name);
    column->addWidget(m_kind);
}

void InspectorHeader::set(const QString& name, const QString& kind, const QString& number, const Badge& badge,
                          const QString& state) {
    m_name->setText(name);
    m_kind->setText(kind);
    m_number->setText(number);
    m_pill->setState(badge, state);
}
