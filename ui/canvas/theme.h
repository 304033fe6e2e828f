// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include <array>
#include <atomic>

/// What a mark says, whatever it is a mark of. Each has a colour, a shape, a bar pattern and a word.
enum class Mark { Active, Waiting, Deadline, Cancelled, Leaked, Finished, Inert };
inline constexpr int markCount = 7;

/// Every colour and font of the window, by role. A value; the shipped ones are functions below.
///
/// Style sheet hooks for widgets (dynamic properties): `panel` = true gives a rounded frame, `primary` = true
/// and `danger` = true tint a button, `muted`, `heading`, `title` = true set a QLabel's rank, `code` = true
/// gives a code box. Give code widgets setFont(Theme::codeFont()); the sheet itself never names a font.
struct Theme {
    QString name;
    bool isDark = false;
    bool highContrast = false;

    QColor window; ///< behind the panels
    QColor panel;  ///< docks, dialogs
    QColor canvas; ///< behind the tree and the timeline
    QColor panelBorder;
    QColor text;
    QColor mutedText;
    QColor accent;     ///< focus rings, links, selection outlines
    QColor button;     ///< fill of a primary button
    QColor buttonText; ///< on `button`
    QColor control;    ///< fill of buttons and inputs
    QColor controlHover;
    QColor codeBackground;
    QColor card;
    QColor cardBorder;
    QColor edge;
    QColor grid;
    QColor selection; ///< fill of selected rows
    QColor track;     ///< empty part of bars and sliders
    QColor shadow;
    QColor past; ///< a veil over what is not now
    std::array<QColor, markCount> marks;

    QColor color(Mark m) const { return marks[static_cast<std::size_t>(m)]; }
    /// `m`'s colour laid thinly over the card: quiet enough for normal text.
    QColor tint(Mark m, double strength = 0.12) const;

    QPalette palette() const;
    QString styleSheet() const;

    static const Theme& light();
    static const Theme& dark();
    static const Theme& highContrastLight();
    static const Theme& highContrastDark();
    static QList<const Theme*> all();

    /// Inter if installed, else the system's; `pixelSize` in device-independent pixels.
    static QFont uiFont(qreal pixelSize = 13, QFont::Weight weight = QFont::Normal);
    /// JetBrains Mono if installed, else the system's fixed font; never with ligatures, so `<-` stays `<-`.
    static QFont codeFont(qreal pixelSize = 12.5, QFont::Weight weight = QFont::Normal);
};

QColor mix(const QColor& a, const QColor& b, double ofB);

/// The theme in force. One for the application; views repaint on changed().
class ThemeManager : public QObject {
    Q_OBJECT
  public:
    enum class Mode { Light, Dark, System };
    Q_ENUM(Mode)

    static ThemeManager& instance();

    const Theme& theme() const { return *m_theme; }
    Mode mode() const { return m_mode; }
    bool highContrast() const { return m_highContrast; }
    /// True: no motion; glows and pulses become steady outlines.
    bool reduceMotion() const { return m_reduceMotion; }

  public slots:
    /// Picks the theme and hands palette, font and style sheet to the QApplication.
    void setMode(ThemeManager::Mode mode);
    void setHighContrast(bool on);
    void setReduceMotion(bool on);

  signals:
    void changed();

  private:
    ThemeManager();
    void apply();

    std::atomic<const Theme*> m_theme = &Theme::light(); ///< pictures are painted on threads of their own
    Mode m_mode = Mode::System;
    bool m_highContrast = false;
    bool m_reduceMotion = false;
    bool m_systemIsDark = false;
};

/// The theme in force, for painting.
inline const Theme& theme() {
    return ThemeManager::instance().theme();
}
