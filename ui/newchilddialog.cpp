// SPDX-License-Identifier: MIT
#include "newchilddialog.h"

#include "canvas/icons.h"
#include "durationedit.h"
#include "labtext.h"

#include <QComboBox>
#include <QLineEdit>

namespace {

/// More than anybody picks from a list; the rest can be reached by name in the tree.
constexpr int mostInList = 500;

} // namespace

const QList<lab::context_kind>& NewChildDialog::kinds() {
    using k = lab::context_kind;
    static const QList<k> all = {k::with_cancel,       k::with_timeout,       k::with_deadline,
                                 k::with_value,        k::without_cancel,     k::after_func,
                                 k::with_cancel_cause, k::with_timeout_cause, k::with_deadline_cause};
    return all;
}

QString NewChildDialog::describe(lab::context_kind kind) {
    using k = lab::context_kind;
    switch (kind) {
    case k::with_cancel:
        return tr("Ends when you cancel it, or when its parent ends.");
    case k::with_cancel_cause:
        return tr("Like WithCancel, and cancelling it can say why.");
    case k::with_timeout:
        return tr("Ends by itself after a while, if nothing ends it before.");
    case k::with_timeout_cause:
        return tr("Like WithTimeout, with a cause of its own for running out of time.");
    case k::with_deadline:
        return tr("Ends by itself at a moment. A parent's earlier deadline wins.");
    case k::with_deadline_cause:
        return tr("Like WithDeadline, with a cause of its own for being late.");
    case k::with_value:
        return tr("Carries one key and its value to everything below.");
    case k::without_cancel:
        return tr("Keeps the values, but nothing above can end it any more.");
    case k::after_func:
        return tr("Runs a function in its own goroutine once the parent is done.");
    default:
        return {};
    }
}

NewChildDialog::NewChildDialog(SessionModel& session, lab::id_t parent, lab::context_kind kind,
                               QWidget* window)
    : FormDialog(session, tr("New child context"), tr("Derive"), window), m_parent(parent),
      m_kind(new QComboBox(this)), m_timeout(new DurationEdit(DurationEdit::Need::Required, tr("2s"), this)),
      m_key(new QLineEdit(tr("user"), this)), m_value(new QLineEdit(tr("ana"), this)),
      m_cause(new QLineEdit(this)), m_cancels(new QComboBox(this)), m_name(new QLineEdit(this)) {
    for (const lab::context_kind k : kinds())
        m_kind->addItem(Icons::icon(Icons::kindName(k), Icons::Tint::Muted), LabText::of(lab::go_name(k)),
                        static_cast<int>(k));
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
    m_timeout->setNegativeAllowed(true);
    m_cause->setPlaceholderText(tr("none: Cause() answers what Err() answers"));
    m_name->setPlaceholderText(tr("one is made"));
    m_kind->setObjectName(QStringLiteral("kind"));
    m_timeout->setObjectName(QStringLiteral("timeout"));
    m_key->setObjectName(QStringLiteral("key"));
    m_value->setObjectName(QStringLiteral("value"));
    m_cause->setObjectName(QStringLiteral("cause"));
    m_cancels->setObjectName(QStringLiteral("cancels"));
    m_name->setObjectName(QStringLiteral("name"));
    fillCancels();

    addField(tr("&Kind"), m_kind);
    addField(tr("&Ends after"), m_timeout);
    addField(tr("Ke&y"), m_key);
    addField(tr("&Value"), m_value);
    addField(tr("C&ause"), m_cause);
    addField(tr("Function &cancels"), m_cancels);
    addField(tr("&Name"), m_name);
    resize(500, 380);
    refresh();
    QWidget* first = lab::takes_deadline(kind)               ? static_cast<QWidget*>(m_timeout)
                     : kind == lab::context_kind::with_value ? m_key
                     : kind == lab::context_kind::after_func ? static_cast<QWidget*>(m_cancels)
                                                             : m_name;
    first->setFocus();
    m_timeout->selectAll();
    m_key->selectAll();
}

void NewChildDialog::fillCancels() {
    m_cancels->addItem(tr("nothing: it only runs"), QVariant::fromValue(lab::id_t{0}));
    for (const lab::context_info& c : session().state().contexts()) {
        if (m_cancels->count() > mostInList) break;
        if (lab::owns_done(c.kind) && c.kind != lab::context_kind::after_func &&
            c.state == lab::context_state::active)
            m_cancels->addItem(LabText::title(c), QVariant::fromValue(c.id));
    }
}

lab::context_kind NewChildDialog::kind() const {
    return static_cast<lab::context_kind>(m_kind->currentData().toInt());
}

Derivation NewChildDialog::derivation() const {
    Derivation d;
    d.kind = kind();
    d.underRoot = m_parent == lab::root_id;
    d.length = m_timeout->duration();
    d.key = m_key->text();
    d.value = m_value->text();
    d.cause = m_cause->text();
    return d;
}

void NewChildDialog::refresh() {
    const lab::context_info* parent = session().state().context(m_parent);
    setIntro(tr("Under %1. %2")
                 .arg(parent ? LabText::title(*parent) : tr("a context that is gone"), describe(kind())));
    setFieldVisible(m_timeout, lab::takes_deadline(kind()));
    setFieldVisible(m_key, kind() == lab::context_kind::with_value);
    setFieldVisible(m_value, kind() == lab::context_kind::with_value);
    setFieldVisible(m_cause, lab::takes_deadline_cause(kind()));
    setFieldVisible(m_cancels, kind() == lab::context_kind::after_func);
    setCode(expression(derivation(), Language::Go));
    if (lab::takes_deadline(kind()) && !m_timeout->isAcceptable()) showProblem(m_timeout->problem());
}

bool NewChildDialog::checkTimes() {
    if (!lab::takes_deadline(kind()) || m_timeout->isAcceptable()) return true;
    showProblem(m_timeout->problem(), m_timeout);
    return false;
}

std::optional<lab::command> NewChildDialog::command() {
    if (!checkTimes()) return {};
    if (kind() == lab::context_kind::with_value && m_key->text().isEmpty()) {
        showProblem(tr("A key is needed: Go panics with \"nil key\" without one."), m_key);
        return {};
    }
    lab::new_context made;
    made.parent = m_parent;
    made.kind = kind();
    made.name = m_name->text().trimmed().toStdString();
    if (lab::takes_deadline(made.kind)) made.timeout = m_timeout->duration();
    if (lab::takes_deadline_cause(made.kind)) made.cause = m_cause->text().toStdString();
    if (made.kind == lab::context_kind::with_value) {
        made.key = m_key->text().toStdString();
        made.value = m_value->text().toStdString();
    }
    if (made.kind == lab::context_kind::after_func)
        made.cancels = m_cancels->currentData().value<lab::id_t>();
    return made;
}
