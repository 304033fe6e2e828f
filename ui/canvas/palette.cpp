// SPDX-License-Identifier: MIT
#include "canvas/theme.h"

// The colours of the marks were chosen together: each has 3:1 against card, panel and canvas, and each pair
// stays apart (CIEDE2000 of 12 or more) for protan, deutan and tritan eyes. tst_palette recomputes that.

namespace {

constexpr QColor rgb(int value) {
    return QColor((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}

Theme makeLight() {
    Theme t;
    t.name = QStringLiteral("light");
    t.window = rgb(0xedf0f5);
    t.panel = rgb(0xffffff);
    t.canvas = rgb(0xfcfdff);
    t.panelBorder = rgb(0xd5dbe5);
    t.text = rgb(0x131a26);
    t.mutedText = rgb(0x566072);
    t.accent = rgb(0x1d5fe0);
    t.button = rgb(0x2563eb);
    t.buttonText = rgb(0xffffff);
    t.control = rgb(0xffffff);
    t.controlHover = rgb(0xf0f4fb);
    t.codeBackground = rgb(0xf5f7fa);
    t.card = rgb(0xffffff);
    t.cardBorder = rgb(0xcfd6e2);
    t.edge = rgb(0x7d97c4);
    t.grid = rgb(0xe2e7ef);
    t.selection = rgb(0xdbe8ff);
    t.track = rgb(0xe1e6ee);
    t.shadow = QColor(30, 45, 80, 34);
    t.past = QColor(176, 124, 32, 30);
    t.marks = {rgb(0x4b7cfb), rgb(0x2b5157), rgb(0x8f7412), rgb(0x7c1200),
               rgb(0xac009c), rgb(0x007a54), rgb(0x919296)};
    return t;
}

Theme makeDark() {
    Theme t;
    t.name = QStringLiteral("dark");
    t.isDark = true;
    t.window = rgb(0x0a0d12);
    t.panel = rgb(0x12161c);
    t.canvas = rgb(0x0c1015);
    t.panelBorder = rgb(0x262d38);
    t.text = rgb(0xe9edf4);
    t.mutedText = rgb(0x9aa5b6);
    t.accent = rgb(0x5b9bff);
    t.button = rgb(0x2563eb);
    t.buttonText = rgb(0xffffff);
    t.control = rgb(0x1a2029);
    t.controlHover = rgb(0x232b36);
    t.codeBackground = rgb(0x0d1116);
    t.card = rgb(0x15181d);
    t.cardBorder = rgb(0x313a47);
    t.edge = rgb(0x4f6690);
    t.grid = rgb(0x1c222b);
    t.selection = rgb(0x1b2f52);
    t.track = rgb(0x29313d);
    t.shadow = QColor(0, 0, 0, 110);
    t.past = QColor(255, 190, 96, 22);
    t.marks = {rgb(0x0655f9), rgb(0x80d6ff), rgb(0xff9d00), rgb(0xe84900),
               rgb(0xaf5781), rgb(0x25a46f), rgb(0x98a1b1)};
    return t;
}

Theme makeHighContrast(const Theme& base) {
    Theme t = base;
    const QColor ink = base.isDark ? QColor(Qt::white) : QColor(Qt::black);
    const QColor paper = base.isDark ? QColor(Qt::black) : QColor(Qt::white);
    t.name = base.name + QStringLiteral("-high-contrast");
    t.highContrast = true;
    t.window = t.panel = t.canvas = t.control = t.codeBackground = t.card = paper;
    t.text = t.mutedText = t.panelBorder = t.cardBorder = t.edge = ink;
    t.accent = base.isDark ? rgb(0xffd60a) : rgb(0x0036b3);
    t.button = base.isDark ? rgb(0xffffff) : rgb(0x000000);
    t.buttonText = paper;
    t.controlHover = t.selection = base.isDark ? rgb(0x26304a) : rgb(0xd6e4ff);
    t.track = mix(paper, ink, 0.35);
    t.grid = mix(paper, ink, 0.2);
    t.shadow = QColor(0, 0, 0, 0);
    return t;
}

} // namespace

QColor mix(const QColor& a, const QColor& b, double ofB) {
    const double ofA = 1 - ofB;
    return QColor::fromRgbF(
        float(a.redF() * ofA + b.redF() * ofB), float(a.greenF() * ofA + b.greenF() * ofB),
        float(a.blueF() * ofA + b.blueF() * ofB), float(a.alphaF() * ofA + b.alphaF() * ofB));
}

const Theme& Theme::light() {
    static const Theme t = makeLight();
    return t;
}

const Theme& Theme::dark() {
    static const Theme t = makeDark();
    return t;
}

const Theme& Theme::highContrastLight() {
    static const Theme t = makeHighContrast(light());
    return t;
}

const Theme& Theme::highContrastDark() {
    static const Theme t = makeHighContrast(dark());
    return t;
}

QList<const Theme*> Theme::all() {
    return {&light(), &dark(), &highContrastLight(), &highContrastDark()};
}
