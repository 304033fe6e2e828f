// SPDX-License-Identifier: MIT
#include "newworkerdialog.h"

#include "durationedit.h"
#include "labtext.h"
#include "type.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace {

/// `check_every` reads better as `Check every` in front of a field.
QString labelOf(const lab::worker_field& field) {
    QString label = LabText::of(field.name).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!label.isEmpty()) label[0] = label[0].toUpper();
    return label;
}

} // namespace

NewWorkerDialog::NewWorkerDialog(SessionModel& session, lab::id_t context, const QString& kind,
                                 QWidget* window)
    : FormDialog(session, tr("New worker"), tr("Start"), window), m_context(context),
      m_kind(new QComboBox(this)), m_name(new QLineEdit(this)), m_pages(new QStackedWidget(this)) {
    m_kind->setObjectName(QStringLiteral("kind"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setPlaceholderText(tr("one is made"));
    for (const lab::worker_kind& k : lab::worker_kinds()) {
        m_kind->addItem(LabText::of(k.name));
        m_pages->addWidget(makePage(k));
    }
    m_kind->setCurrentIndex(qMax(0, m_kind->findText(kind)));
    addField(tr("&Kind"), m_kind);
    addField(tr("&Name"), m_name);
    addBlock(m_pages);
    reserveCodeLines(9);
    resize(540, 560);
    refresh();
    m_kind->setFocus();
}

QWidget* NewWorkerDialog::makePage(const lab::worker_kind& kind) {
    auto* page = new QWidget(m_pages);
    page->setObjectName(LabText::of(kind.name));
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(6);
    std::vector<Field>& fields = m_fields.emplace_back();
    for (const lab::worker_field& field : kind.fields) {
        const QString fallback = LabText::of(field.fallback);
        QLineEdit* edit = nullptr;
        if (field.kind == lab::worker_field::type::duration)
            edit = new DurationEdit(field.fallback.empty() ? DurationEdit::Need::Required
                                                           : DurationEdit::Need::Optional,
                                    fallback, page);
        else
            edit = new QLineEdit(fallback, page);
        edit->setObjectName(LabText::of(field.name));
        edit->setPlaceholderText(fallback);
        edit->setAccessibleDescription(LabText::of(field.help));
        connect(edit, &QLineEdit::textChanged, this, &NewWorkerDialog::clearProblem);
        auto* help = new QLabel(LabText::of(field.help), page);
        help->setProperty("muted", true);
        help->setWordWrap(true);
        Type::use(help, Type::Rank::Small);
        auto* label = new QLabel(labelOf(field), page);
        label->setMinimumWidth(labelWidth);
        label->setBuddy(edit);
        auto* both = new QVBoxLayout;
        both->setSpacing(2);
        both->addWidget(edit);
        both->addWidget(help);
        form->addRow(label, both);
        fields.push_back({field, edit});
    }
    if (fields.empty()) {
        auto* none = new QLabel(tr("This kind has nothing to set."), page);
        none->setProperty("muted", true);
        form->addRow(none);
    }
    return page;
}

const lab::worker_kind& NewWorkerDialog::kind() const {
    return lab::worker_kinds()[static_cast<std::size_t>(m_kind->currentIndex())];
}

void NewWorkerDialog::refresh() {
    if (m_kind->currentIndex() < 0) return;
    const lab::context_info* c = session().state().context(m_context);
    setIntro(tr("With %1. %2")
                 .arg(c ? LabText::title(*c) : tr("a context that is gone"), LabText::of(kind().help)));
    m_pages->setCurrentIndex(m_kind->currentIndex());
    setCode(LabText::of(kind().go_code).replace(QLatin1Char('\t'), QLatin1String("    ")));
}

bool NewWorkerDialog::readField(const Field& field, lab::new_worker& into) {
    const QString typed = field.edit->text().trimmed();
    if (typed.isEmpty() && !field.what.fallback.empty()) return true;
    switch (field.what.kind) {
    case lab::worker_field::type::duration: {
        const auto* edit = static_cast<const DurationEdit*>(field.edit);
        if (!edit->isAcceptable()) {
            showProblem(tr("%1: %2").arg(labelOf(field.what), edit->problem()), field.edit);
            return false;
        }
        lab::set_field(into, field.what, *edit->duration());
        return true;
    }
    case lab::worker_field::type::integer: {
        bool ok = false;
        const qlonglong n = typed.toLongLong(&ok);
        if (!ok) {
            showProblem(tr("%1: a whole number is expected.").arg(labelOf(field.what)), field.edit);
            return false;
        }
        lab::set_field(into, field.what, static_cast<std::int64_t>(n));
        return true;
    }
    case lab::worker_field::type::text:
        lab::set_field(into, field.what, typed.toStdString());
        return true;
    }
    return false;
}

std::optional<lab::command> NewWorkerDialog::command() {
    lab::new_worker made;
    made.context = m_context;
    made.kind = kind().name;
    made.name = m_name->text().trimmed().toStdString();
    for (const Field& field : m_fields[static_cast<std::size_t>(m_kind->currentIndex())])
        if (!readField(field, made)) return {};
    if (const std::string problem = lab::complete(made); !problem.empty()) {
        showProblem(LabText::of(problem));
        return {};
    }
    return made;
}
