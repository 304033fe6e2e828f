// SPDX-License-Identifier: MIT
#include "durationedit.h"

#include "labtext.h"
#include "type.h"

#include "lab/durations.h"

#include <QStyle>

DurationEdit::DurationEdit(Need need, const QString& text, QWidget* parent)
    : QLineEdit(text, parent), m_need(need) {
    Type::use(this, Type::Rank::Code);
    setToolTip(tr("A duration as Go writes it: 300ms, 1.5s, 2m, 1h30m"));
    setPlaceholderText(need == Need::Optional ? tr("none") : tr("e.g. 1.5s"));
    connect(this, &QLineEdit::textChanged, this, &DurationEdit::mark);
}

void DurationEdit::setNegativeAllowed(bool allowed) {
    m_negativeAllowed = allowed;
    mark();
}

std::optional<std::chrono::nanoseconds> DurationEdit::duration() const {
    if (!problem().isEmpty() || text().trimmed().isEmpty()) return {};
    std::string why;
    return lab::parse_duration(text().trimmed().toStdString(), why);
}

QString DurationEdit::problem() const {
    const QString typed = text().trimmed();
    if (typed.isEmpty())
        return m_need == Need::Required ? tr("A duration is needed, for example 1.5s or 300ms.") : QString();
    std::string why;
    const auto parsed = lab::parse_duration(typed.toStdString(), why);
    if (!parsed) return tr("%1. Write it as Go does: 300ms, 1.5s, 2m.").arg(LabText::of(why));
    if (parsed->count() < 0 && !m_negativeAllowed) return tr("A negative duration makes no sense here.");
    return {};
}

void DurationEdit::mark() {
    const bool invalid = !problem().isEmpty();
    if (property("invalid").toBool() == invalid) return;
    setProperty("invalid", invalid);
    style()->unpolish(this); // the style sheet looks at properties only then
    style()->polish(this);
}
