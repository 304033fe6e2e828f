// SPDX-License-Identifier: MIT
#include "httppanel.h"

#include "callsmodel.h"
#include "canvas/icons.h"
#include "durationedit.h"
#include "elidedlabel.h"
#include "labtext.h"
#include "type.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace {

constexpr int mostAtOnce = 200;

const QStringList& presets() {
    static const QStringList paths = {
        QStringLiteral("/process?work=2s"),
        QStringLiteral("/search?q=golang&timeout=1s&backend=300ms"),
        QStringLiteral("/fanout?n=8&work=1s&fail=3&after=100ms"),
        QStringLiteral("/leak?for=10s"),
        QStringLiteral("/chain?depth=3&timeout=1s&work=200ms"),
    };
    return paths;
}

QLabel* mutedLabel(const QString& text, QWidget* buddy, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("muted", true);
    label->setBuddy(buddy);
    return label;
}

} // namespace

HttpPanel::HttpPanel(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_calls(new CallsModel(session, this)),
      m_serving(new ElidedLabel(this)), m_hint(new ElidedLabel(this)), m_notice(new QLabel(this)),
      m_method(new QComboBox(this)), m_path(new QComboBox(this)),
      m_timeout(new DurationEdit(DurationEdit::Need::Optional, {}, this)),
      m_abortAfter(new DurationEdit(DurationEdit::Need::Optional, {}, this)), m_count(new QSpinBox(this)),
      m_send(new QPushButton(tr("Send"), this)), m_abort(new QPushButton(tr("Abort"), this)),
      m_list(new QStackedWidget(this)), m_empty(new QLabel(this)), m_table(new QTableView(this)) {
    m_serving->setRoomFor(tr("Serving %1").arg(QStringLiteral("http://127.0.0.1:65535")));
    m_hint->setToolTip(
        tr("On the virtual clock the sockets are real, but handlers wait on the laboratory's time: while "
           "it is paused, a real client is held still. On the real clock everything takes the time it "
           "takes."));
    m_hint->setMuted(true);
    m_hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    Type::use(m_hint, Type::Rank::Small);
    m_notice->setWordWrap(true);
    Type::use(m_notice, Type::Rank::Small);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    auto* top = new QHBoxLayout;
    top->setSpacing(16);
    top->addWidget(m_serving);
    top->addWidget(m_hint, 1);
    column->addLayout(top);
    column->addWidget(makeRequestRow());
    column->addWidget(makeLimitsRow());
    column->addWidget(m_notice);
    column->addWidget(makeTable(), 1);
    connectAll();
    refresh();
}

QWidget* HttpPanel::makeRequestRow() {
    m_method->addItems({QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
                        QStringLiteral("DELETE"), QStringLiteral("HEAD")});
    m_method->setAccessibleName(tr("Method"));
    m_path->setObjectName(QStringLiteral("path"));
    m_path->setEditable(true);
    m_path->setInsertPolicy(QComboBox::NoInsert);
    m_path->addItems(presets());
    m_path->setAccessibleName(tr("Path"));
    m_path->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_path->setMinimumContentsLength(12);
    Type::use(m_path, Type::Rank::Code);
    m_send->setProperty("primary", true);
    m_send->setIcon(Icons::icon(QStringLiteral("send"), Icons::Tint::OnButton));
    m_send->setToolTip(tr("Send the request (Ctrl+Return)"));
    m_abort->setProperty("danger", true);
    m_abort->setToolTip(
        tr("The client goes away: aborts the selected call, or every call in flight (Ctrl+.)"));
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_method);
    layout->addWidget(m_path, 1);
    layout->addWidget(m_send);
    layout->addWidget(m_abort);
    return row;
}

QWidget* HttpPanel::makeLimitsRow() {
    m_timeout->setToolTip(tr("The client's own WithTimeout around the call"));
    m_abortAfter->setToolTip(tr("The client disconnects after this long"));
    m_count->setRange(1, mostAtOnce);
    m_count->setToolTip(tr("How many of these requests are sent at once"));
    for (DurationEdit* edit : {m_timeout, m_abortAfter}) edit->setFixedWidth(78);
    m_count->setFixedWidth(70);
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(mutedLabel(tr("&Timeout"), m_timeout, row));
    layout->addWidget(m_timeout);
    layout->addSpacing(8);
    layout->addWidget(mutedLabel(tr("A&bort after"), m_abortAfter, row));
    layout->addWidget(m_abortAfter);
    layout->addSpacing(8);
    layout->addWidget(mutedLabel(tr("At &once"), m_count, row));
    layout->addWidget(m_count);
    layout->addStretch(1);
    return row;
}

QWidget* HttpPanel::makeTable() {
    m_table->setModel(m_calls);
    m_table->setAccessibleName(tr("HTTP calls"));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setIconSize({13, 13});
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(26);
    QHeaderView* header = m_table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Stretch);
    header->setSectionResizeMode(CallsModel::Time, QHeaderView::Fixed);
    header->resizeSection(CallsModel::Time, 84);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("muted", true);
    m_empty->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_list->addWidget(m_empty);
    m_list->addWidget(m_table);
    return m_list;
}

void HttpPanel::connectAll() {
    connect(m_send, &QPushButton::clicked, this, &HttpPanel::send);
    connect(m_abort, &QPushButton::clicked, this, &HttpPanel::abort);
    connect(m_path->lineEdit(), &QLineEdit::returnPressed, this, &HttpPanel::send);
    connect(m_timeout, &QLineEdit::returnPressed, this, &HttpPanel::send);
    connect(m_abortAfter, &QLineEdit::returnPressed, this, &HttpPanel::send);
    connect(m_table, &QAbstractItemView::clicked, this, &HttpPanel::selectRow);
    connect(m_table, &QAbstractItemView::activated, this, &HttpPanel::selectRow);
    connect(&m_session, &SessionModel::changed, this, &HttpPanel::refresh);
    connect(&m_session, &SessionModel::restarted, this, &HttpPanel::refresh);
}

void HttpPanel::setServer(const QString& address, const QString& problem) {
    m_address = address;
    m_serverProblem = problem;
    m_serving->setText(address.isEmpty() ? tr("No server") : tr("Serving %1").arg(address));
    m_empty->setText(
        address.isEmpty()
            ? problem
            : tr("No calls yet. Press Send, or use a terminal:\ncurl '%1/process?work=2s'").arg(address));
    refresh();
}

void HttpPanel::refresh() {
    const bool any = m_calls->rowCount() > 0;
    m_list->setCurrentWidget(any ? static_cast<QWidget*>(m_table) : m_empty);
    const QString whyNot = m_session.whyNotNow();
    m_send->setEnabled(!m_address.isEmpty() && whyNot.isEmpty());
    m_send->setToolTip(whyNot);
    bool inFlight = false;
    const auto& clients = m_session.state().clients();
    for (auto c = clients.rbegin(); c != clients.rend() && c - clients.rbegin() < 2 * mostAtOnce; ++c)
        inFlight = inFlight || !c->ended;
    m_abort->setEnabled(inFlight && whyNot.isEmpty());
    showNotice();
}

void HttpPanel::showNotice() {
    const lab::clock_info& clock = m_session.state().clock();
    const bool isVirtual = clock.mode == lab::clock_mode::virtual_time;
    QString hint;
    if (!m_address.isEmpty() && isVirtual)
        hint = clock.running ? tr("Handlers wait on the laboratory's clock")
                             : tr("Clock paused: handlers and clients wait");
    m_hint->setText(hint);
    QString problem = m_problem;
    if (problem.isEmpty() && !m_address.isEmpty()) problem = m_serverProblem;
    m_notice->setText(problem);
    m_notice->setVisible(!problem.isEmpty());
}

void HttpPanel::showProblem(const QString& text, QWidget* at) {
    m_problem = text;
    showNotice();
    if (at) at->setFocus(Qt::OtherFocusReason);
}

void HttpPanel::send() {
    m_problem.clear();
    if (m_address.isEmpty() || !m_session.whyNotNow().isEmpty()) return;
    for (DurationEdit* edit : {m_timeout, m_abortAfter})
        if (!edit->isAcceptable()) return showProblem(edit->problem(), edit);
    const QString path = m_path->currentText().trimmed();
    if (!path.startsWith(QLatin1Char('/')))
        return showProblem(
            tr("The path starts with a slash: the address in front of it is %1.").arg(m_address), m_path);
    lab::send_request request;
    request.method = m_method->currentText().toStdString();
    request.path = path.toStdString();
    request.count = m_count->value();
    request.timeout = m_timeout->duration();
    request.abort_after = m_abortAfter->duration();
    m_session.post(request, [this, self = QPointer<HttpPanel>(this)](const lab::reply& reply) {
        if (self && !reply.ok()) showProblem(LabText::of(reply.error), nullptr);
    });
    showNotice();
}

void HttpPanel::abort() {
    const Selection call = m_calls->callAt(m_table->currentIndex().row());
    const lab::client_info* client =
        call.sort == Selection::Sort::Client ? m_session.state().client(call.id) : nullptr;
    m_session.post(lab::abort_request{.client = client && !client->ended ? client->id : 0});
}

void HttpPanel::selectRow(const QModelIndex& index) {
    if (index.isValid()) m_session.select(m_calls->subjectAt(index.row()));
}
