// SPDX-License-Identifier: MIT
#include "advancedialog.h"

#include "durationedit.h"
#include "labtext.h"

AdvanceDialog::AdvanceDialog(SessionModel& session, const QString& by, QWidget* window)
    : FormDialog(session, tr("Advance the clock"), tr("Advance"), window),
      m_by(new DurationEdit(DurationEdit::Need::Required, by, this)) {
    m_by->setObjectName(QStringLiteral("by"));
    addField(tr("&By"), m_by);
    setIntro(
        tr("Everything that is due on the way happens, in its order; then the clock stands at that time, or "
           "runs on from there."));
    reserveCodeLines(1);
    resize(440, 270);
    refresh();
    m_by->setFocus();
    m_by->selectAll();
}

QString AdvanceDialog::text() const {
    return m_by->text().trimmed();
}

void AdvanceDialog::refresh() {
    const auto by = m_by->duration();
    const lab::lab_time now = session().state().now();
    setCode(by ? QStringLiteral("%1 → %2").arg(LabText::moment(now), LabText::moment(now + *by)) : QString());
}

std::optional<lab::command> AdvanceDialog::command() {
    if (const QString problem = m_by->problem(); !problem.isEmpty()) {
        showProblem(problem, m_by);
        return {};
    }
    return lab::change_clock{.action = lab::clock_action::advance, .by = *m_by->duration()};
}
