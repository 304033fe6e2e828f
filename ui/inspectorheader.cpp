// SPDX-License-Identifier: MIT
#include "inspectorheader.h"

#include "elidedlabel.h"
#include "type.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

InspectorHeader::InspectorHeader(QWidget* parent)
    : QWidget(parent), m_name(new ElidedLabel(this)), m_what(new ElidedLabel(this)),
      m_pill(new StatePill(this)) {
    Type::use(m_name, Type::Rank::Title);
    m_what->setMuted(true);
    auto* second = new QHBoxLayout;
    second->setSpacing(8);
    second->addWidget(m_what, 1);
    second->addWidget(m_pill);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_name);
    column->addLayout(second);
}

void InspectorHeader::set(const QString& name, const QString& what, Mark mark, const QString& state) {
    m_name->setText(name);
    m_what->setText(what);
    m_pill->setState(mark, state);
}
