// SPDX-License-Identifier: MIT
#include "canvas/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>

// The style sheet names images. Not in a namespace: the macro declares a global function.
static void loadResources() {
    Q_INIT_RESOURCE(resources);
}

namespace {

bool installed(const QString& family) {
    static const QStringList families = QFontDatabase::families();
    return families.contains(family);
}

} // namespace

QColor Theme::tint(Mark m, double strength) const {
    return mix(card, color(m), highContrast ? 0 : strength);
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, panel);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, control);
    p.setColor(QPalette::AlternateBase, mix(panel, window, 0.5));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, mutedText);
    p.setColor(QPalette::Button, control);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, buttonText);
    p.setColor(QPalette::ToolTipBase, panel);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, selection);
    p.setColor(QPalette::HighlightedText, text);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Light, mix(panel, text, 0.06));
    p.setColor(QPalette::Midlight, panelBorder);
    p.setColor(QPalette::Mid, panelBorder);
    p.setColor(QPalette::Dark, panelBorder);
    p.setColor(QPalette::Shadow, window);
    const QColor disabled = mix(mutedText, panel, 0.35);
    for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, disabled);
    return p;
}

QFont Theme::uiFont(qreal pixelSize, QFont::Weight weight) {
    QFont f = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (installed(QStringLiteral("Inter"))) f.setFamilies({QStringLiteral("Inter")});
    f.setPixelSize(qRound(pixelSize));
    f.setWeight(weight);
    f.setHintingPreference(QFont::PreferNoHinting);
    return f;
}

QFont Theme::codeFont(qreal pixelSize, QFont::Weight weight) {
    QFont f = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (installed(QStringLiteral("JetBrains Mono"))) f.setFamilies({QStringLiteral("JetBrains Mono")});
    f.setPixelSize(qRound(pixelSize));
    f.setWeight(weight);
    f.setHintingPreference(QFont::PreferNoHinting);
    // Ligatures are made by the shaper; code needs none of what it does.
    f.setStyleStrategy(QFont::PreferNoShaping);
    return f;
}

ThemeManager& ThemeManager::instance() {
    static ThemeManager manager;
    return manager;
}

ThemeManager::ThemeManager() {
    const QPalette system = QGuiApplication::palette();
    m_systemIsDark =
        system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
    m_theme = m_systemIsDark ? &Theme::dark() : &Theme::light();
}

void ThemeManager::setMode(Mode mode) {
    m_mode = mode;
    apply();
}

void ThemeManager::setHighContrast(bool on) {
    m_highContrast = on;
    apply();
}

void ThemeManager::setReduceMotion(bool on) {
    if (m_reduceMotion == on) return;
    m_reduceMotion = on;
    emit changed();
}

void ThemeManager::apply() {
    const bool dark = m_mode == Mode::Dark || (m_mode == Mode::System && m_systemIsDark);
    if (m_highContrast)
        m_theme = dark ? &Theme::highContrastDark() : &Theme::highContrastLight();
    else
        m_theme = dark ? &Theme::dark() : &Theme::light();
    if (qApp) {
        loadResources();
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QApplication::setPalette(theme().palette());
        QApplication::setFont(Theme::uiFont());
        qApp->setStyleSheet(theme().styleSheet());
    }
    emit changed();
}
