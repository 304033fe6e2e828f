// SPDX-License-Identifier: MIT
#include "canceldialog.h"

#include "labtext.h"

#include <QLineEdit>

CancelDialog::CancelDialog(SessionModel& session, lab::id_t context, QWidget* window)
    : FormDialog(session, tr("Cancel with a cause"), tr("Cancel the context"), window), m_context(context),
      m_cause(new QLineEdit(this)) {
    m_cause->setObjectName(QStringLiteral("cause"));
    m_cause->setPlaceholderText(tr("empty stands for nil"));
    addField(tr("C&ause"), m_cause);
    const lab::context_info* c = session.state().context(context);
    setIntro(
        tr("Ends %1 and everything derived from it. Err() answers \"context canceled\" either way; Cause() "
           "answers what is written here.")
            .arg(c ? LabText::title(*c) : tr("the context")));
    resize(460, 240);
    refresh();
    m_cause->setFocus();
}

void CancelDialog::refresh() {
    QString cause = m_cause->text();
    cause.replace(QLatin1Char('"'), QLatin1String("\\\""));
    setCode(cause.isEmpty() ? QStringLiteral("cancel(nil)")
                            : QStringLiteral("cancel(errors.New(\"%1\"))").arg(cause));
}

std::optional<lab::command> CancelDialog::command() {
    return lab::cancel_context{.context = m_context, .cause = m_cause->text().toStdString()};
}
