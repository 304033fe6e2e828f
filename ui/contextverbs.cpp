// SPDX-License-Identifier: MIT
#include "contextverbs.h"

#include "canceldialog.h"
#include "canvas/icons.h"
#include "labtext.h"
#include "newchilddialog.h"
#include "newworkerdialog.h"

#include <QAction>
#include <QMenu>

namespace {

using Sort = Selection::Sort;

QString keysFor(lab::context_kind kind) {
    using k = lab::context_kind;
    switch (kind) {
    case k::with_cancel:
        return QStringLiteral("N, C");
    case k::with_timeout:
        return QStringLiteral("N, T");
    case k::with_deadline:
        return QStringLiteral("N, D");
    case k::with_value:
        return QStringLiteral("N, V");
    case k::without_cancel:
        return QStringLiteral("N, O");
    case k::after_func:
        return QStringLiteral("N, A");
    default:
        return {};
    }
}

} // namespace

ContextVerbs::ContextVerbs(SessionModel& session, QWidget* window)
    : QObject(window), m_session(session), m_window(window), m_kinds(new QMenu(window)) {
    makeNewChild();
    makeOthers();
    // A letter is a command only where nobody types text.
    for (QAction* action : all()) action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(&m_session, &SessionModel::changed, this, &ContextVerbs::updateEnabled);
    connect(&m_session, &SessionModel::selectionChanged, this, &ContextVerbs::updateEnabled);
    updateEnabled();
}

void ContextVerbs::makeNewChild() {
    for (const lab::context_kind kind : NewChildDialog::kinds()) {
        auto* action = new QAction(Icons::icon(Icons::kindName(kind), Icons::Tint::Muted),
                                   tr("%1…").arg(LabText::of(lab::go_name(kind))), this);
        action->setShortcut(QKeySequence(keysFor(kind)));
        action->setStatusTip(NewChildDialog::describe(kind));
        action->setData(static_cast<int>(kind));
        connect(action, &QAction::triggered, this, [this, kind] { openNewChild(kind); });
        m_newChild += action;
        m_kinds->addAction(action);
        if (kind == lab::context_kind::after_func) m_kinds->addSeparator();
    }
    m_newChildMenu = new QAction(Icons::icon(QStringLiteral("add")), tr("New child"), this);
    m_newChildMenu->setMenu(m_kinds);
}

void ContextVerbs::makeOthers() {
    m_newWorker = new QAction(Icons::icon(QStringLiteral("worker")), tr("New worker…"), this);
    m_newWorker->setShortcut(QKeySequence(QStringLiteral("N, G")));
    connect(m_newWorker, &QAction::triggered, this, [this] { openNewWorker(); });

    m_cancel = new QAction(Icons::icon(QStringLiteral("cancel"), Icons::Tint::Danger), tr("Cancel"), this);
    m_cancel->setShortcut(QKeySequence::Delete);
    m_cancel->setProperty("danger", true);
    connect(m_cancel, &QAction::triggered, this,
            [this] { m_session.post(lab::cancel_context{.context = target(), .cause = {}}); });

    m_cancelWithCause = new QAction(Icons::icon(QStringLiteral("cancel"), Icons::Tint::Danger),
                                    tr("Cancel with cause…"), this);
    m_cancelWithCause->setProperty("danger", true);
    m_cancelWithCause->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_Delete));
    connect(m_cancelWithCause, &QAction::triggered, this,
            [this] { open(new CancelDialog(m_session, target(), m_window), Sort::None); });

    m_sweep = new QAction(Icons::icon(QStringLiteral("sweep")), tr("Sweep finished contexts"), this);
    m_sweep->setToolTip(tr("Take contexts that are done, with no live worker below, out of the picture"));
    m_sweep->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Delete));
    connect(m_sweep, &QAction::triggered, this, [this] { m_session.post(lab::sweep{}); });
}

QList<QAction*> ContextVerbs::all() const {
    QList<QAction*> actions = m_newChild;
    actions += {m_newWorker, m_cancel, m_cancelWithCause, m_sweep};
    return actions;
}

lab::id_t ContextVerbs::target() const {
    const Selection what = m_session.selection();
    const lab::state& s = m_session.state();
    const lab::request_info* request = nullptr;
    switch (what.sort) {
    case Sort::None:
        return 0;
    case Sort::Context:
        return s.context(what.id) ? what.id : 0;
    case Sort::Worker: {
        const lab::worker_info* w = s.worker(what.id);
        return w && s.context(w->context) ? w->context : 0;
    }
    case Sort::Request:
        request = s.request(what.id);
        break;
    case Sort::Client:
        if (const lab::client_info* client = s.client(what.id)) request = s.request(client->request);
        break;
    }
    return request && s.context(request->context) ? request->context : 0;
}

lab::id_t ContextVerbs::targetOrRoot() const {
    return target() ? target() : lab::root_id;
}

void ContextVerbs::openNewChild(lab::context_kind kind) {
    open(new NewChildDialog(m_session, targetOrRoot(), kind, m_window), Sort::Context);
}

void ContextVerbs::openNewWorker(const QString& kind) {
    open(new NewWorkerDialog(m_session, targetOrRoot(), kind, m_window), Sort::Worker);
}

void ContextVerbs::open(FormDialog* dialog, Selection::Sort sort) {
    connect(dialog, &FormDialog::completed, &m_session, [this, sort](lab::id_t id) {
        // A new worker leaves the selection where it is: the next one mostly goes to the same context.
        if (sort == Sort::Context && id) m_session.select({sort, id});
    });
    dialog->open();
}

void ContextVerbs::updateEnabled() {
    const lab::context_info* c = m_session.state().context(target());
    const QString whyNot = m_session.whyNotNow();
    for (QAction* action : std::as_const(m_newChild)) action->setEnabled(whyNot.isEmpty());
    m_newChildMenu->setEnabled(whyNot.isEmpty());
    m_newWorker->setEnabled(whyNot.isEmpty());
    const bool active = whyNot.isEmpty() && c && c->state == lab::context_state::active;
    m_cancel->setEnabled(active && lab::owns_done(c->kind));
    m_cancelWithCause->setEnabled(active && lab::takes_cancel_cause(c->kind));
    QString why = tr("Cancel the selected context and everything derived from it (Del)");
    if (!whyNot.isEmpty())
        why = whyNot;
    else if (!c)
        why = tr("Select a context first");
    else if (!active)
        why = tr("%1 is done already").arg(LabText::title(*c));
    else if (!lab::owns_done(c->kind))
        why = tr("%1 has no cancel function").arg(LabText::of(lab::go_name(c->kind)));
    m_cancel->setToolTip(why);
    m_newChildMenu->setToolTip(
        whyNot.isEmpty() ? tr("Derive a context from the selected one (N, then C T D V O A)") : whyNot);
    m_newWorker->setToolTip(whyNot.isEmpty() ? tr("Start a worker with the selected context (N, then G)")
                                             : whyNot);
    m_cancelWithCause->setToolTip(m_cancelWithCause->isEnabled() ? tr("Cancel it and say why (Shift+Del)")
                                  : !whyNot.isEmpty()
                                      ? whyNot
                                      : tr("Only WithCancelCause takes a cause when it is cancelled"));
    const auto& counts = m_session.state().counts();
    m_sweep->setEnabled(whyNot.isEmpty() && counts.canceled + counts.expired > 0);
}
