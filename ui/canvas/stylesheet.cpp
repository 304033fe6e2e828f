// SPDX-License-Identifier: MIT
#include "canvas/theme.h"

#include <QHash>
#include <QRegularExpression>

namespace {

// $name stands for a colour of the theme.

constexpr auto base = R"(
* { outline: 0; }
QMainWindow, QDialog, QMainWindow > QWidget#centralWidget { background: $window; }
QDialog { background: $panel; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QWidget { color: $text; }
QWidget:disabled { color: $disabled; }
QToolTip { background: $panel; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px 8px; }
QLabel { background: transparent; }
QLabel[muted="true"] { color: $muted; }
QLabel[heading="true"] { color: $muted; font-weight: 600; font-size: 12px; }
QLabel[title="true"] { font-weight: 600; font-size: 18px; }
QLabel[code="true"], QPlainTextEdit[code="true"], QTextBrowser[code="true"] {
  background: $code; border: 1px solid $border; border-radius: 8px; padding: 8px 10px; }
QFrame[notice="true"] { background: $noticeTint; border: 0; border-top: 1px solid $border;
  border-bottom-left-radius: 9px; border-bottom-right-radius: 9px; }
QFrame[notice="offer"], QFrame[notice="warning"] { background: $stripe; border: 0; border-bottom: 1px solid $border;
  border-top-left-radius: 9px; border-top-right-radius: 9px; }
QFrame[notice="warning"] { background: $noticeTint; }
QFrame[held="true"] { background: $heldTint; border: 0; border-bottom: 1px solid $border;
  border-top-left-radius: 9px; border-top-right-radius: 9px; }
QFrame[panel="true"] { background: $panel; border: 1px solid $border; border-radius: 10px; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $border; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; }
QSplitter::handle, QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QSplitter::handle:hover, QMainWindow::separator:hover { background: $hover; }
)";

constexpr auto buttons = R"(
QPushButton, QToolButton { background: $control; color: $text; border: 1px solid $border; border-radius: 7px;
  padding: 5px 12px; min-height: 18px; }
QToolButton { padding: 5px; min-width: 18px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked { background: $selection;
  border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QToolButton:focus { padding: 4px; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: $panel; }
QPushButton[primary="true"], QToolButton[primary="true"], QPushButton:default { background: $button; color: $onButton;
  border-color: $button; font-weight: 600; }
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover { background: $buttonHover; }
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled, QPushButton:default:disabled { background: $track; color: $disabled;
  border-color: $track; }
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[danger="true"], QToolButton[danger="true"] { background: $dangerTint; border-color: $danger; }
QPushButton[danger="true"]:hover, QToolButton[danger="true"]:hover { background: $dangerHover; }
QPushButton[danger="true"]:disabled, QToolButton[danger="true"]:disabled { background: $panel; border-color: $border; }
QToolButton[round="true"] { border-radius: 17px; min-width: 24px; min-height: 24px; padding: 4px; }
QToolButton[round="true"]:focus { padding: 3px; }
QToolButton[flat="true"] { background: transparent; border: 1px solid transparent; }
QToolButton[flat="true"]:hover { background: $hover; }
QToolButton[flat="true"]:focus { border: 2px solid $accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: url(:/ctxlab/icons/sheet-down.svg); width: 10px;
  height: 10px; subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }
QPushButton[menu="true"], QToolButton[menu="true"], QToolButton[popupMode="2"] { padding-right: 22px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $muted;
  background: $control; border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked { background: $check; border-color: $check; image: url(:/ctxlab/icons/sheet-check.svg); }
QRadioButton::indicator:checked { background: $panel; border: 5px solid $check; width: 8px; height: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QGroupBox { border: 1px solid $border; border-radius: 8px; margin-top: 18px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 4px; color: $muted; }
)";

constexpr auto inputs = R"(
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QTextBrowser { background: $control; color: $text;
  border: 1px solid $border; border-radius: 7px; padding: 4px 8px; selection-background-color: $select;
  selection-color: $text; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 20px; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $muted; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { background: $panel; color: $disabled; }
QLineEdit > QToolButton { background: transparent; border: 0; padding: 0; min-width: 0; min-height: 0; }
QLineEdit[invalid="true"] { border: 2px solid $danger; padding: 3px 7px; }
QTextBrowser { background: $panel; }
QComboBox { padding-right: 24px; }
QComboBox:focus { padding-right: 23px; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url(:/ctxlab/icons/sheet-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $border; border-radius: 7px; padding: 4px;
  selection-background-color: $select; selection-color: $text; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 20px; background: transparent; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: url(:/ctxlab/icons/sheet-up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/ctxlab/icons/sheet-down.svg); width: 10px; height: 10px; }
QSlider::groove:horizontal { height: 4px; background: $track; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $check; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $text;
  border: 1px solid $panel; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; }
QProgressBar { background: $track; border: 0; border-radius: 3px; max-height: 6px; text-align: center; }
QProgressBar::chunk { background: $check; border-radius: 3px; }
)";

constexpr auto views = R"(
QAbstractItemView { background: $panel; alternate-background-color: $stripe; border: 0;
  selection-background-color: $select; selection-color: $text; gridline-color: $grid; }
QTreeView::item, QListView::item, QTableView::item { padding: 3px 6px; border: 0; min-height: 20px; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: $select; color: $text; }
QTreeView:focus, QListView:focus, QTableView:focus { border: 2px solid $accent; border-radius: 6px; }
QTreeView, QListView, QTableView { border: 2px solid transparent; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url(:/ctxlab/icons/sheet-right.svg); padding: 4px; }
QTreeView::branch:has-children:open { image: url(:/ctxlab/icons/sheet-down.svg); padding: 4px; }
QHeaderView { background: transparent; }
QHeaderView::section { background: $stripe; color: $muted; border: 0; border-bottom: 1px solid $border;
  padding: 5px 8px; font-weight: 600; }
QTableCornerButton::section { background: $stripe; border: 0; }
QTabWidget::pane { border: 0; background: $panel; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; margin: 2px; border: 1px solid transparent;
  border-radius: 7px; }
QTabBar::tab:hover { background: $hover; color: $text; }
QTabBar::tab:selected { background: $panel; color: $text; border-color: $border; font-weight: 600; }
QTabBar::tab:focus { border: 2px solid $accent; padding: 5px 11px; }
QDockWidget { color: $muted; font-weight: 600; titlebar-close-icon: url(:/ctxlab/icons/sheet-close.svg);
  titlebar-normal-icon: url(:/ctxlab/icons/sheet-float.svg); }
QDockWidget::close-button, QDockWidget::float-button { border: 0; padding: 1px; border-radius: 4px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover; }
QDockWidget::title { background: $panel; padding: 7px 10px; border: 1px solid $border; border-bottom: 0;
  border-top-left-radius: 10px; border-top-right-radius: 10px; text-align: left; }
QDockWidget > QWidget { background: $panel; }
QDockWidget > QFrame { border: 1px solid $border; border-top: 0; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
)";

constexpr auto chrome = R"(
QToolBar { background: $window; border: 0; spacing: 6px; padding: 5px 8px; }
QToolBar::separator { background: $border; width: 1px; margin: 6px 4px; }
QMenuBar { background: $window; }
QMenuBar::item { padding: 5px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $panel; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $select; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $thumb; border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
)";

} // namespace

QString Theme::styleSheet() const {
    const QHash<QString, QColor> colors = {
        {QStringLiteral("window"), window},
        {QStringLiteral("panel"), panel},
        {QStringLiteral("border"), panelBorder},
        {QStringLiteral("text"), text},
        {QStringLiteral("muted"), mutedText},
        {QStringLiteral("disabled"), mix(mutedText, panel, 0.35)},
        {QStringLiteral("accent"), accent},
        {QStringLiteral("button"), button},
        {QStringLiteral("buttonHover"), mix(button, text, 0.15)},
        {QStringLiteral("onButton"), buttonText},
        {QStringLiteral("check"), QColor(0x25, 0x63, 0xeb)},
        {QStringLiteral("control"), control},
        {QStringLiteral("hover"), controlHover},
        {QStringLiteral("code"), codeBackground},
        {QStringLiteral("selection"), selection},
        {QStringLiteral("select"), selection},
        {QStringLiteral("grid"), grid},
        {QStringLiteral("stripe"), mix(panel, window, 0.5)},
        {QStringLiteral("track"), track},
        {QStringLiteral("thumb"), mix(panel, mutedText, 0.45)},
        {QStringLiteral("danger"), color(Mark::Cancelled)},
        {QStringLiteral("noticeTint"), mix(panel, color(Mark::Deadline), isDark ? 0.16 : 0.14)},
        {QStringLiteral("heldTint"), mix(panel, color(Mark::Waiting), isDark ? 0.13 : 0.1)},
        {QStringLiteral("dangerTint"), mix(control, color(Mark::Cancelled), isDark ? 0.2 : 0.07)},
        {QStringLiteral("dangerHover"), mix(control, color(Mark::Cancelled), isDark ? 0.32 : 0.14)},
    };
    const QString source = QLatin1String(base) + QLatin1String(buttons) + QLatin1String(inputs) +
                           QLatin1String(views) + QLatin1String(chrome);
    static const QRegularExpression word(QStringLiteral("\\$([a-zA-Z]+)"));
    QString sheet;
    qsizetype from = 0;
    for (auto it = word.globalMatch(source); it.hasNext();) {
        const auto match = it.next();
        Q_ASSERT(colors.contains(match.captured(1)));
        sheet += QStringView(source).mid(from, match.capturedStart() - from);
        sheet += colors.value(match.captured(1)).name();
        from = match.capturedEnd();
    }
    sheet += QStringView(source).mid(from);
    return sheet;
}
