// SPDX-License-Identifier: MIT
#include "callpage.h"

#include "factlist.h"
#include "inspectorheader.h"
#include "labtext.h"
#include "links.h"
#include "owneventslist.h"
#include "section.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace {

QString statusText(int status) {
    return status == 0 ? QString() : QString::number(status);
}

} // namespace

CallPage::CallPage(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_header(new InspectorHeader(this)),
      m_events(new OwnEventsList(session, this)) {
    m_client = makeSide(tr("The client saw"), false);
    m_server = makeSide(tr("On the server"), true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(10);
    column->addWidget(m_header);
    column->addWidget(m_client.box);
    column->addWidget(m_server.box);
    column->addWidget(makeRule(this));
    column->addWidget(makeHeading(tr("What happened"), this));
    column->addWidget(m_events, 1);
}

CallPage::Side CallPage::makeSide(const QString& title, bool ownsContext) {
    auto* box = new QFrame(this);
    box->setProperty("panel", true);
    auto* pill = new StatePill(box);
    auto* facts = new FactList(box);
    facts->addRow(QStringLiteral("status"), tr("Status"));
    facts->addRow(QStringLiteral("time"), tr("Took"));
    if (ownsContext) facts->addRow(QStringLiteral("where"), tr("Context"), false);
    connect(facts, &FactList::linkActivated, &m_session,
            [this](const QString& to) { m_session.select(Links::parse(to)); });
    auto* row = new QHBoxLayout;
    row->addWidget(makeHeading(title, box), 1);
    row->addWidget(pill);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(12, 10, 12, 10);
    column->addLayout(row);
    auto* words = new QLabel(box);
    words->setTextFormat(Qt::PlainText);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    words->setWordWrap(true);
    words->setMinimumWidth(1);
    column->addWidget(words);
    column->addWidget(facts);
    return {box, pill, words, facts};
}

void CallPage::display(const lab::client_info* client, const lab::request_info* request) {
    const QString method = LabText::of(client ? client->method : request ? request->method : std::string());
    const QString path = LabText::of(request ? request->path : client ? client->url : std::string());
    const QString peer =
        request && !client ? tr("from %1").arg(LabText::of(request->peer)) : tr("built-in client");
    const QString name = method + QLatin1Char(' ') + path;
    if (client)
        m_header->set(name, peer, tr("call %1").arg(client->id), StatePill::badgeFor(client->state),
                      LabText::word(client->state));
    else if (request)
        m_header->set(name, peer, tr("request %1").arg(request->id), badgeOf(request->state),
                      LabText::word(request->state));
    displayClient(client);
    displayServer(request);
    m_events->setSubject(request ? Selection{Selection::Sort::Request, request->id}
                                 : Selection{Selection::Sort::Client, client ? client->id : 0});
}

void CallPage::displayClient(const lab::client_info* client) {
    m_client.box->setVisible(client != nullptr);
    if (!client) return;
    m_client.pill->setState(StatePill::badgeFor(client->state), LabText::word(client->state));
    m_client.facts->set(QStringLiteral("status"), statusText(client->status));
    m_client.words->setText(LabText::of(client->outcome).simplified());
    m_client.facts->set(QStringLiteral("time"),
                        LabText::span(client->ended.value_or(m_session.state().now()) - client->started));
}

void CallPage::displayServer(const lab::request_info* request) {
    m_server.box->setVisible(request != nullptr);
    if (!request) return;
    const lab::context_info* c = m_session.state().context(request->context);
    m_server.pill->setState(badgeOf(request->state), LabText::word(request->state));
    m_server.facts->set(QStringLiteral("status"), request->ended && request->status == 0
                                                      ? tr("none sent")
                                                      : statusText(request->status));
    m_server.words->setText(LabText::of(request->fate));
    m_server.facts->set(QStringLiteral("time"),
                        LabText::span(request->ended.value_or(m_session.state().now()) - request->started));
    m_server.facts->set(QStringLiteral("where"), c ? LabText::title(*c) : QString(),
                        c ? Links::href({Selection::Sort::Context, c->id}) : QString());
}
