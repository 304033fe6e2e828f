// SPDX-License-Identifier: MIT
#include "contextpage.h"

#include "blamebox.h"
#include "codebox.h"
#include "expressionbox.h"
#include "factlist.h"
#include "inspectorheader.h"
#include "labtext.h"
#include "links.h"
#include "lookupbox.h"
#include "owneventslist.h"
#include "section.h"

#include <QVBoxLayout>

namespace {

using Sort = Selection::Sort;

/// Deep trees print long; the nearest ancestors are the ones that matter.
constexpr std::size_t printedLevels = 8;

QString errKey() {
    return QStringLiteral("err");
}
QString causeKey() {
    return QStringLiteral("cause");
}
QString deadlineKey() {
    return QStringLiteral("deadline");
}
QString ownerKey() {
    return QStringLiteral("owner");
}
QString doneKey() {
    return QStringLiteral("done");
}
QString endedKey() {
    return QStringLiteral("ended");
}
QString valueKey() {
    return QStringLiteral("value");
}

} // namespace

ContextPage::ContextPage(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_header(new InspectorHeader(this)),
      m_expression(new ExpressionBox(this)), m_facts(new FactList(this)),
      m_blame(new BlameBox(session, this)), m_printed(new CodeBox(CodeBox::Frame::Plain, this)),
      m_lookup(new LookupBox(session, this)), m_children(Links::makeLabel(session, this)),
      m_workers(Links::makeLabel(session, this)), m_events(new OwnEventsList(session, this)) {
    m_facts->addRow(errKey(), QStringLiteral("Err()"));
    m_facts->addRow(causeKey(), QStringLiteral("Cause()"));
    m_facts->addRow(doneKey(), QStringLiteral("Done()"));
    m_facts->addRow(deadlineKey(), QStringLiteral("Deadline()"));
    m_facts->addRow(ownerKey(), tr("Deadline of"), false);
    m_facts->addRow(endedKey(), tr("Ended by"), false);
    m_facts->addRow(valueKey(), tr("Carries"));
    connect(m_facts, &FactList::linkActivated, &session,
            [&session](const QString& to) { session.select(Links::parse(to)); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(10);
    column->addWidget(m_header);
    column->addWidget(m_expression);
    column->addWidget(m_facts);
    column->addWidget(makeRule(this));
    column->addWidget(m_blame);
    column->addWidget(m_lookup);
    column->addWidget(makeRule(this));
    column->addWidget(makeHeading(tr("Derived from it"), this));
    column->addWidget(m_children);
    column->addWidget(makeHeading(tr("Workers"), this));
    column->addWidget(m_workers);
    column->addWidget(makeRule(this));
    column->addWidget(makeHeading(tr("What happened"), this));
    column->addWidget(m_events, 1);
    column->addWidget(makeHeading(tr("Printed"), this));
    column->addWidget(m_printed);
}

/// Another life has other contexts by the same numbers.
void ContextPage::forget() {
    m_context = 0;
    m_lookup->setContext(0);
}

void ContextPage::display(const lab::context_info& context) {
    if (m_context != context.id) {
        m_context = context.id;
        m_events->setSubject({Sort::Context, context.id});
        m_lookup->setContext(context.id);
        m_expression->setDerivation(Derivation::of(context, m_session.state()));
    }
    m_header->set(LabText::title(context), LabText::of(lab::go_name(context.kind)),
                  tr("context %1").arg(context.id), badgeOf(context, m_session.state().now()),
                  LabText::word(context.state));
    m_facts->set(errKey(), LabText::errorOrNil(context.err));
    m_facts->set(causeKey(), LabText::errorOrNil(context.cause));
    m_facts->set(valueKey(), context.kind == lab::context_kind::with_value
                                 ? tr("%1 = \"%2\"").arg(LabText::of(context.key), LabText::of(context.value))
                                 : QString());
    showEnd(context);
    m_blame->display(context);
    showRelations(context);
    displayTime(context);
}

void ContextPage::showEnd(const lab::context_info& context) {
    const lab::state& s = m_session.state();
    QString done;
    if (context.done)
        done = context.born_done ? tr("closed from the start")
                                 : tr("closed at %1").arg(LabText::moment(*context.done));
    else if (lab::owns_done(context.kind))
        done = tr("open");
    else if (const lab::context_info* source = s.context(context.cancel_parent))
        done = tr("open; it is that of %1").arg(LabText::title(*source));
    else
        done = tr("nil: never closes");
    m_facts->set(doneKey(), done);

    const lab::context_info* root = context.done ? s.context(context.done_by) : nullptr;
    if (!root)
        m_facts->set(endedKey(), {});
    else if (root->id != context.id)
        m_facts->set(endedKey(), tr("%1, from above").arg(LabText::title(*root)),
                     Links::href({Sort::Context, root->id}));
    else if (context.state == lab::context_state::deadline_exceeded)
        m_facts->set(endedKey(), tr("its own deadline"));
    else
        m_facts->set(endedKey(), context.kind == lab::context_kind::after_func
                                     ? tr("its stop function, or its run")
                                     : tr("its own cancel function"));
}

void ContextPage::showRelations(const lab::context_info& context) {
    const lab::state& s = m_session.state();
    const lab::context_info* owner = s.context(context.deadline_owner);
    if (!context.deadline)
        m_facts->set(ownerKey(), {});
    else if (!owner || owner->id == context.id)
        m_facts->set(ownerKey(), tr("itself"));
    else
        m_facts->set(ownerKey(), LabText::title(*owner), Links::href({Sort::Context, owner->id}));
    m_children->setText(context.children.empty() ? tr("nothing")
                                                 : Links::chips(s, Sort::Context, context.children));
    m_workers->setText(context.workers.empty() ? tr("none") : Links::chips(s, Sort::Worker, context.workers));
}

void ContextPage::displayTime(const lab::context_info& context) {
    const lab::state& s = m_session.state();
    QString deadline;
    if (context.deadline) {
        const auto left = *context.deadline - (context.done ? *context.done : s.now());
        const QString at = LabText::moment(*context.deadline);
        if (context.state == lab::context_state::active)
            deadline = tr("%1  (%2 left)").arg(at, LabText::span(std::max(left, lab::lab_time(0))));
        else
            deadline = left.count() > 0 ? tr("%1  (%2 unused)").arg(at, LabText::span(left))
                                        : tr("%1  (passed)").arg(at);
    }
    m_facts->set(deadlineKey(), deadline);
    m_printed->setCode(LabText::of(s.go_string(context.id, printedLevels)));
}
