// SPDX-License-Identifier: MIT
#include "codebox.h"

#include "canvas/theme.h"
#include "type.h"

#include <QEvent>
#include <QRegularExpression>
#include <QWheelEvent>
#include <QtMath>

namespace {

/// Calls stand out, and the line at which something is happening; the rest is plain.
QString markedUp(const QString& code, int current) {
    static const QRegularExpression call(QStringLiteral("((?:context\\.|ctx::)\\w+)"));
    QString html = code.toHtmlEscaped();
    html.replace(call, QStringLiteral("<span style=\"color:%1\">\\1</span>").arg(theme().accent.name()));
    if (current >= 0) {
        QStringList lines = html.split(QLatin1Char('\n'));
        if (current < lines.size())
            lines[current] =
                QStringLiteral("<span style=\"background-color:%1;font-weight:600\">%2 ◂ </span>")
                    .arg(theme().tint(Mark::Waiting, 0.3).name(), lines[current]);
        html = lines.join(QLatin1Char('\n'));
    }
    return QStringLiteral("<div style=\"white-space:pre-wrap\">%1</div>").arg(html);
}

} // namespace

CodeBox::CodeBox(Frame frame, QWidget* parent) : QTextBrowser(parent), m_frame(frame) {
    setProperty("code", frame == Frame::Boxed);
    if (frame == Frame::Plain)
        setStyleSheet(QStringLiteral("border: 0; padding: 0; background: transparent;"));
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabChangesFocus(true);
    setOpenLinks(false);
    document()->setDocumentMargin(0);
    Type::use(this, frame == Frame::Boxed ? Type::Rank::Code : Type::Rank::SmallCode);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &CodeBox::render);
}

void CodeBox::setCode(const QString& code) {
    if (code == m_code || textCursor().hasSelection()) return;
    m_code = code;
    render();
}

void CodeBox::setCurrentLine(int line) {
    if (line == m_current) return;
    m_current = line;
    render();
}

void CodeBox::reserveLines(int lines) {
    m_lines = lines;
    fitHeight();
}

void CodeBox::render() {
    if (m_frame == Frame::Boxed)
        setHtml(markedUp(m_code, m_current));
    else
        setPlainText(m_code);
    fitHeight();
}

void CodeBox::fitHeight() {
    document()->setTextWidth(viewport()->width());
    const int around = height() - viewport()->height();
    const int least = m_lines * fontMetrics().lineSpacing();
    const int wanted = qMax(least, qCeil(document()->size().height())) + around;
    if (wanted != height()) setFixedHeight(wanted);
}

QSize CodeBox::sizeHint() const {
    return {120, height()};
}

QSize CodeBox::minimumSizeHint() const {
    return {60, height()};
}

void CodeBox::resizeEvent(QResizeEvent* event) {
    QTextBrowser::resizeEvent(event);
    fitHeight();
}

void CodeBox::changeEvent(QEvent* event) {
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitHeight();
}

/// There is nothing to scroll in it; the panel around it may scroll.
void CodeBox::wheelEvent(QWheelEvent* event) {
    event->ignore();
}
