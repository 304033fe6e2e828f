// SPDX-License-Identifier: MIT
#include "inspector.h"

#include "actionbutton.h"
#include "callpage.h"
#include "contextpage.h"
#include "type.h"
#include "workerpage.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using Sort = Selection::Sort;

Inspector::Inspector(SessionModel& session, const QList<Verb>& verbs, QWidget* parent)
    : QWidget(parent), m_session(session), m_pages(new QStackedWidget(this)), m_empty(makeEmptyPage()),
      m_context(new ContextPage(session)), m_worker(new WorkerPage(session)), m_call(new CallPage(session)),
      m_verbs(makeVerbs(verbs)) {
    m_pages->addWidget(m_empty);
    for (QWidget* page :
         {static_cast<QWidget*>(m_context), static_cast<QWidget*>(m_worker), static_cast<QWidget*>(m_call)})
        m_pages->addWidget(scrolled(page));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_pages, 1);
    column->addWidget(m_verbs);
    setMinimumWidth(290);
    connect(&m_session, &SessionModel::changed, this, &Inspector::refresh);
    connect(&m_session, &SessionModel::restarted, this, [this] {
        m_context->forget();
        m_worker->forget();
    });
    connect(&m_session, &SessionModel::selectionChanged, this, &Inspector::refresh);
    connect(&m_session, &SessionModel::ticked, this, &Inspector::refreshTime);
    refresh();
}

QWidget* Inspector::makeEmptyPage() {
    auto* page = new QWidget(m_pages);
    auto* title = new QLabel(tr("Nothing is selected"), page);
    Type::use(title, Type::Rank::Title);
    auto* help = new QLabel(
        tr("Click a context in the tree, a lane in the timeline or a row in a list: what it is, how it was "
           "derived, "
           "how it ended and what waits for it is shown here.\n\n"
           "To begin, select Background and press New child, or open a scenario from the bar above."),
        page);
    help->setWordWrap(true);
    help->setProperty("muted", true);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(14, 14, 14, 14);
    column->setSpacing(10);
    column->addWidget(title);
    column->addWidget(help);
    column->addStretch(1);
    return page;
}

QWidget* Inspector::scrolled(QWidget* page) {
    auto* area = new QScrollArea(m_pages);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(page);
    return area;
}

QWidget* Inspector::makeVerbs(const QList<Verb>& verbs) {
    auto* box = new QWidget(this);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(14, 8, 14, 12);
    grid->setSpacing(8);
    int i = 0;
    for (const auto& [action, text] : verbs) {
        QPushButton* button = makeActionButton(action, box, text);
        button->setIcon(action->icon());
        button->setProperty("danger", action->property("danger"));
        grid->addWidget(button, i / 2, i % 2);
        ++i;
    }
    return box;
}

void Inspector::setHeld(const HeldMoments* held) {
    m_worker->setHeld(held);
}

void Inspector::refresh() {
    const Selection what = m_session.selection();
    const lab::state& s = m_session.state();
    int page = 0;
    if (const lab::context_info* c = what.sort == Sort::Context ? s.context(what.id) : nullptr) {
        m_context->display(*c);
        page = 1;
    } else if (const lab::worker_info* w = what.sort == Sort::Worker ? s.worker(what.id) : nullptr) {
        m_worker->display(*w);
        page = 2;
    } else if (what.sort == Sort::Client || what.sort == Sort::Request) {
        const lab::request_info* request = what.sort == Sort::Request ? s.request(what.id) : nullptr;
        const lab::client_info* client = s.client(request                     ? request->client
                                                  : what.sort == Sort::Client ? what.id
                                                                              : 0);
        if (client && !request) request = s.request(client->request);
        if (client || request) {
            m_call->display(client, request);
            page = 3;
        }
    }
    if (m_pages->currentIndex() != page) m_pages->setCurrentIndex(page);
}

void Inspector::refreshTime() {
    const Selection what = m_session.selection();
    if (!isVisible() || what.sort != Sort::Context) return;
    if (const lab::context_info* c = m_session.state().context(what.id)) m_context->displayTime(*c);
}
