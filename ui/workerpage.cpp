// SPDX-License-Identifier: MIT
#include "workerpage.h"

#include "codebox.h"
#include "codeline.h"
#include "factlist.h"
#include "heldmoments.h"
#include "inspectorheader.h"
#include "labtext.h"
#include "links.h"
#include "owneventslist.h"
#include "section.h"

#include <QLabel>
#include <QVBoxLayout>

WorkerPage::WorkerPage(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_header(new InspectorHeader(this)),
      m_code(new CodeBox(CodeBox::Frame::Boxed, this)), m_facts(new FactList(this)), m_leak(new QLabel(this)),
      m_events(new OwnEventsList(session, this)) {
    m_facts->addRow(QStringLiteral("context"), tr("Context"), false);
    m_facts->addRow(QStringLiteral("waits"), tr("Waits for"), false);
    m_facts->addRow(QStringLiteral("started"), tr("Started"));
    m_facts->addRow(QStringLiteral("done"), tr("Done closed"));
    m_facts->addRow(QStringLiteral("noticed"), tr("Noticed it"));
    m_facts->addRow(QStringLiteral("exited"), tr("Exited"));
    m_facts->addRow(QStringLiteral("gap"), tr("Done to exit"));
    m_facts->addRow(QStringLiteral("reason"), tr("Reason"));
    connect(m_facts, &FactList::linkActivated, &session,
            [&session](const QString& to) { session.select(Links::parse(to)); });
    m_leak->setWordWrap(true);
    m_leak->setText(
        tr("Leaked: its context is done, but it has not looked. Cancelling asks a worker to stop; it "
           "cannot make it."));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(10);
    column->addWidget(m_header);
    column->addWidget(makeHeading(tr("What it runs"), this));
    column->addWidget(m_code);
    column->addWidget(m_facts);
    column->addWidget(m_leak);
    column->addWidget(makeRule(this));
    column->addWidget(makeHeading(tr("What happened"), this));
    column->addWidget(m_events, 1);
}

void WorkerPage::display(const lab::worker_info& worker) {
    if (m_worker != worker.id) {
        m_worker = worker.id;
        m_events->setSubject({Selection::Sort::Worker, worker.id});
        displayCode(worker);
    }
    m_header->set(LabText::title(worker), LabText::of(worker.kind), tr("worker %1").arg(worker.id),
                  badgeOf(worker.state), LabText::word(worker.state));
    m_leak->setVisible(worker.state == lab::worker_state::leaked);
    displayLife(worker);
    displayLine();
}

void WorkerPage::setHeld(const HeldMoments* held) {
    m_held = held;
    connect(held, &HeldMoments::changed, this, &WorkerPage::displayLine);
    displayLine();
}

void WorkerPage::displayLine() {
    int line = -1;
    if (m_held && m_session.live())
        for (const HeldMoments::Held& h : m_held->all())
            if (line < 0 && h.moment.worker == m_worker && m_worker != 0)
                line = codeLineAt(m_code->code(), h.at, m_worker);
    m_code->setCurrentLine(line);
}

void WorkerPage::displayCode(const lab::worker_info& worker) {
    const lab::worker_kind* kind = lab::find_worker_kind(worker.kind);
    QString code = LabText::of(worker.code);
    // A fanout's workers share its kind, but each runs one call of it: the log says which.
    if (kind && kind->name != "fanout")
        code = LabText::of(kind->go_code).replace(QLatin1Char('\t'), QLatin1String("    "));
    m_code->setCode(code.isEmpty() ? tr("not known") : code);
}

void WorkerPage::displayLife(const lab::worker_info& worker) {
    const auto moment = [](const std::optional<lab::lab_time>& at) {
        return at ? LabText::moment(*at) : QString();
    };
    const lab::context_info* c = m_session.state().context(worker.context);
    m_facts->set(QStringLiteral("context"), c ? LabText::title(*c) : QString(),
                 c ? Links::href({Selection::Sort::Context, c->id}) : QString());
    m_facts->set(QStringLiteral("waits"),
                 worker.exited || worker.spans.empty() ? QString() : LabText::of(worker.spans.back().what));
    m_facts->set(QStringLiteral("started"), LabText::moment(worker.started));
    m_facts->set(QStringLiteral("done"), c ? moment(c->done) : QString());
    m_facts->set(QStringLiteral("noticed"), moment(worker.noticed));
    m_facts->set(QStringLiteral("exited"), moment(worker.exited));
    m_facts->set(QStringLiteral("reason"), LabText::of(worker.reason));
    const bool endedFirst = c && c->done && worker.exited && *worker.exited >= *c->done;
    m_facts->set(QStringLiteral("gap"), endedFirst ? LabText::span(*worker.exited - *c->done) : QString());
}
