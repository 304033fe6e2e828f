// SPDX-License-Identifier: MIT
#include "section.h"

#include "type.h"

#include <QFrame>

QLabel* makeHeading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("muted", true);
    Type::use(label, Type::Rank::Heading);
    return label;
}

QWidget* makeRule(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setFixedHeight(1);
    return line;
}
