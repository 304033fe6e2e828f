// SPDX-License-Identifier: MIT
#include "callsmodel.h"
#include "contextverbs.h"
#include "httppanel.h"
#include "mainwindow.h"
#include "scenarios.h"
#include "server.h"

#include "canvas/treecanvas.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;
using Sort = Selection::Sort;

namespace {

QDialog* openDialog() {
    return qobject_cast<QDialog*>(QApplication::activeModalWidget());
}

void type(QWidget* dialog, const char* field, const QString& text) {
    auto* edit = dialog->findChild<QLineEdit*>(QLatin1String(field));
    QVERIFY2(edit, field);
    edit->clear();
    QTest::keyClicks(edit, text);
}

} // namespace

class tst_MainWindow : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_laboratory = std::make_unique<lab::laboratory>(lab::options{});
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_window = std::make_unique<MainWindow>(*m_session, MainWindow::Memory::Forget);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
        m_session->drain();
    }

    void cleanup() {
        m_window.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    /// Derive, attach a value, start two workers, cancel: one leaves, the other leaks.
    void aRequestIsMadeAndCancelledByHand() {
        m_window->contextVerbs().openNewChild(lab::context_kind::with_timeout);
        QTRY_VERIFY(openDialog());
        type(openDialog(), "timeout", "20s");
        type(openDialog(), "name", "request");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_VERIFY(!openDialog());
        const lab::id_t request = m_session->selection().id;
        QCOMPARE(context(request)->name, std::string("request"));
        QCOMPARE(context(request)->deadline_owner, request);
        QVERIFY(lab::to_ms(*context(request)->deadline - context(request)->created) > 19'000);

        m_window->contextVerbs().openNewChild(lab::context_kind::with_value);
        QTRY_VERIFY(openDialog());
        type(openDialog(), "key", "user");
        type(openDialog(), "value", "ana");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_VERIFY(!openDialog());
        const lab::id_t user = m_session->selection().id;
        QCOMPARE(context(user)->parent, request);
        QCOMPARE(context(user)->value, std::string("ana"));

        startWorker("poller", "every", "50ms");
        startWorker("stubborn", "for", "1h");
        QTRY_COMPARE(m_session->state().workers().size(), std::size_t(2));

        m_session->select({Sort::Context, request});
        QVERIFY(m_window->contextVerbs().cancel()->isEnabled());
        m_window->contextVerbs().cancel()->trigger();
        QTRY_COMPARE(context(request)->state, lab::context_state::canceled);
        QTRY_COMPARE(context(user)->err, std::string("context canceled"));
        QTRY_COMPARE(worker("poller")->state, lab::worker_state::exited);
        QTRY_COMPARE(worker("stubborn")->state, lab::worker_state::leaked);
        QVERIFY(!m_window->contextVerbs().cancel()->isEnabled());
    }

    void aWrongDurationIsNamedAndNothingIsMade() {
        m_window->contextVerbs().openNewChild(lab::context_kind::with_timeout);
        QTRY_VERIFY(openDialog());
        type(openDialog(), "timeout", "2 seconds");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QVERIFY(openDialog());
        bool named = false;
        for (const QLabel* label : openDialog()->findChildren<QLabel*>())
            named = named || label->text().contains("unknown unit");
        QVERIFY(named);
        openDialog()->reject();
        QTRY_VERIFY(!openDialog());
        QCOMPARE(m_session->state().contexts().size(), std::size_t(1));
    }

    void theKeysNThenTOpenTheTimeoutDialog() {
        m_window->tree()->setFocus();
        QTRY_VERIFY(m_window->tree()->hasFocus());
        QTest::keyClick(m_window->tree(), Qt::Key_N);
        QTest::keyClick(m_window->tree(), Qt::Key_T);
        QTRY_VERIFY(openDialog());
        QCOMPARE(openDialog()->findChild<QComboBox*>("kind")->currentText(), "WithTimeout");
        openDialog()->reject();
    }

    void lettersAreTextWhereTextIsTyped() {
        auto* search = m_window->findChild<QLineEdit*>("search");
        QVERIFY(search);
        search->setFocus();
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClicks(search, "nt");
        QCOMPARE(search->text(), "nt");
        QVERIFY(!openDialog());
        QCOMPARE(m_window->tree()->filter(), "nt");
    }

    void aCauseCanBeGivenOnlyWhereTheContextTakesOne() {
        QVERIFY(make(lab::context_kind::with_cancel));
        QVERIFY(!m_window->contextVerbs().cancelWithCause()->isEnabled());
        const lab::id_t id = make(lab::context_kind::with_cancel_cause);
        QVERIFY(m_window->contextVerbs().cancelWithCause()->isEnabled());
        m_window->contextVerbs().cancelWithCause()->trigger();
        QTRY_VERIFY(openDialog());
        type(openDialog(), "cause", "client left");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_COMPARE(context(id)->cause, std::string("client left"));
        QCOMPARE(context(id)->err, std::string("context canceled"));
    }

    /// The client goes away; the server notices, and both fates stand in one row.
    void aRequestIsSentAndAbortedFromThePanel() {
        const Server server = Server::start(*m_laboratory, 0);
        QVERIFY2(server.service, qPrintable(server.problem));
        m_window->setServer(server.address(), server.problem);
        auto* panel = m_window->findChild<HttpPanel*>();
        auto* calls = m_window->findChild<CallsModel*>();
        QVERIFY(panel && calls);
        const QAbstractItemModelTester tester(calls, QAbstractItemModelTester::FailureReportingMode::QtTest);
        panel->findChild<QComboBox*>("path")->setCurrentText("/process?work=1h");
        panel->send();
        QTRY_COMPARE(calls->rowCount(), 1);
        QTRY_COMPARE(m_session->state().counts().active_requests, std::size_t(1));
        QTRY_COMPARE(calls->subjectAt(0).sort, Sort::Context);
        panel->abort();
        QTRY_COMPARE(m_session->state().counts().active_requests, std::size_t(0));
        QTRY_COMPARE(m_session->state().clients().front().state, lab::client_state::aborted);
        QCOMPARE(m_session->state().requests().front().state, lab::request_state::client_gone);
        const auto text = [&](int column) { return calls->index(0, column).data().toString(); };
        QCOMPARE(text(CallsModel::Request), "GET /process?work=1h");
        QVERIFY2(text(CallsModel::Outcome).contains("aborted"), qPrintable(text(CallsModel::Outcome)));
        QVERIFY(!text(CallsModel::ServerFate).isEmpty());
    }

    void withoutAServerThePanelSaysWhy() {
        m_window->setServer({}, "No port was free.");
        bool said = false;
        for (const QLabel* label : m_window->findChild<HttpPanel*>()->findChildren<QLabel*>())
            said = said || label->text().contains("No port was free.");
        QVERIFY(said);
    }

    void everyShippedScenarioCanBeOpened() {
        const auto& shipped = m_window->scenarios().shipped();
        QVERIFY(!shipped.empty());
        for (int i = 0; i < static_cast<int>(shipped.size()); ++i) {
            m_window->scenarios().openShipped(i);
            QTRY_COMPARE(m_window->scenarios().currentShipped(), i);
        }
    }

  private:
    const lab::context_info* context(lab::id_t id) const { return m_session->state().context(id); }

    const lab::worker_info* worker(const std::string& kind) const {
        for (const lab::worker_info& w : m_session->state().workers())
            if (w.kind == kind) return &w;
        return nullptr;
    }

    lab::id_t make(lab::context_kind kind) {
        const lab::reply reply = m_laboratory->call(lab::new_context{.kind = kind});
        m_session->drain();
        m_session->select({Sort::Context, reply.id});
        return reply.id;
    }

    void startWorker(const char* kind, const char* field, const QString& value) {
        m_window->contextVerbs().openNewWorker(QLatin1String(kind));
        QTRY_VERIFY(openDialog());
        QWidget* page = openDialog()->findChild<QWidget*>(QLatin1String(kind));
        QVERIFY2(page, kind);
        type(page, field, value);
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_VERIFY(!openDialog());
    }

    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(tst_MainWindow)
#include "tst_mainwindow.moc"
