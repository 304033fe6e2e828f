// SPDX-License-Identifier: MIT
#include "type.h"

#include "canvas/theme.h"

#include <QApplication>
#include <QVariant>

namespace {

constexpr const char* rankProperty = "typeRank";
double currentScale = 1;

} // namespace

namespace Type {

QFont font(Rank rank) {
    const double s = currentScale;
    switch (rank) {
    case Rank::Body:
        return Theme::uiFont(13 * s);
    case Rank::Small:
        return Theme::uiFont(12 * s);
    case Rank::Heading:
        return Theme::uiFont(11.5 * s, QFont::DemiBold);
    case Rank::Lead:
        return Theme::uiFont(15.5 * s);
    case Rank::Title:
        return Theme::uiFont(18 * s, QFont::DemiBold);
    case Rank::Code:
        return Theme::codeFont(12.5 * s);
    case Rank::SmallCode:
        return Theme::codeFont(11.5 * s);
    case Rank::Time:
        return Theme::codeFont(17 * s);
    }
    return {};
}

void use(QWidget* widget, Rank rank) {
    widget->setProperty(rankProperty, static_cast<int>(rank));
    widget->setFont(font(rank));
}

double scale() {
    return currentScale;
}

void setScale(double scale) {
    currentScale = scale;
    QApplication::setFont(font(Rank::Body));
    // Widgets that a style sheet has polished do not hear of the application's font; polishing again tells
    // them.
    qApp->setStyleSheet(qApp->styleSheet());
    for (QWidget* widget : QApplication::allWidgets()) {
        const QVariant rank = widget->property(rankProperty);
        if (rank.isValid()) widget->setFont(font(static_cast<Rank>(rank.toInt())));
    }
}

} // namespace Type
