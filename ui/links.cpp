// SPDX-License-Identifier: MIT
#include "links.h"

#include "canvas/theme.h"
#include "labtext.h"

#include <QCoreApplication>
#include <QLabel>

namespace {

constexpr std::size_t mostChips = 24;

QString tr(const char* text) {
    return QCoreApplication::translate("Links", text);
}

QString nameOf(const lab::state& state, Selection what) {
    if (what.sort == Selection::Sort::Context)
        if (const lab::context_info* c = state.context(what.id)) return LabText::title(*c);
    if (what.sort == Selection::Sort::Worker)
        if (const lab::worker_info* w = state.worker(what.id))
            return LabText::title(*w) + QStringLiteral(" · ") + LabText::word(w->state);
    return {};
}

} // namespace

namespace Links {

QString href(Selection what) {
    return QStringLiteral("%1:%2").arg(static_cast<int>(what.sort)).arg(what.id);
}

Selection parse(const QString& href) {
    const QStringList parts = href.split(QLatin1Char(':'));
    if (parts.size() != 2) return {};
    return {static_cast<Selection::Sort>(parts[0].toInt()), parts[1].toULongLong()};
}

QString chip(const lab::state& state, Selection what) {
    const QString name = nameOf(state, what);
    if (name.isEmpty()) return QStringLiteral("#%1").arg(what.id);
    QString text = QLatin1Char(' ') + name + QLatin1Char(' ');
    text.replace(QLatin1Char(' '), QChar(QChar::Nbsp)); // a chip is never broken across lines
    return QStringLiteral("<a href=\"%1\" style=\"text-decoration:none;color:%2;background-color:%3\">%4</a>")
        .arg(href(what), theme().text.name(), theme().selection.name(), text.toHtmlEscaped());
}

QString chips(const lab::state& state, Selection::Sort sort, std::span<const lab::id_t> ids,
              const QString& between) {
    QString html;
    for (std::size_t i = 0; i < ids.size() && i < mostChips; ++i)
        html += (i == 0 ? QString() : between + QLatin1Char(' ')) + chip(state, {sort, ids[i]});
    if (ids.size() > mostChips) html += QLatin1Char(' ') + tr("and %1 more").arg(ids.size() - mostChips);
    return html;
}

QLabel* makeLabel(SessionModel& session, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    label->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    QObject::connect(label, &QLabel::linkActivated, &session,
                     [&session](const QString& to) { session.select(parse(to)); });
    return label;
}

} // namespace Links
