// SPDX-License-Identifier: MIT
#include "branches.h"
#include "comparedialog.h"
#include "documents.h"
#include "forks.h"
#include "mainwindow.h"

#include "lab/recording_file.h"
#include "lab/replay.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <memory>

using namespace std::chrono_literals;
using Column = CompareModel::Column;

/// A recording of a run and of a fork of it, opened and compared.
class tst_CompareDialog : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase();
    void init();
    void cleanup();

    void theRowsAreWhatDiffers();
    void everythingCanBeShown();
    void aClickShowsTheMoment();
    void activatingARowSelectsTheThing();
    void itClosesWithItsLog();
    void longRunsAreComparedOnAnotherThread();
    void aRunOfTheRecordingGoesOnInTheLaboratory();

  private:
    CompareDialog* compare() {
        auto* dialog = new CompareDialog(*m_session, m_window->branches(), 0, 1, m_window.get());
        dialog->show();
        return dialog;
    }
    static QModelIndex row(const CompareModel& model, const QString& what) {
        for (int i = 0; i < model.rowCount(); ++i)
            if (const QModelIndex index = model.index(i, 0); index.data().toString() == what) return index;
        return {};
    }
    static QString text(const QModelIndex& row, int column) {
        return row.siblingAtColumn(column).data().toString();
    }
    void record(const QString& file, int pollers);
    void openFile(const QString& file) {
        m_window->documents().openRecording(file);
        QTRY_VERIFY(m_session->recorded());
    }

    QTemporaryDir m_dir;
    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<MainWindow> m_window;
};

/// Cancels a request; goes back, and starts somebody deaf instead.
void tst_CompareDialog::record(const QString& file, int pollers) {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    const auto advance = [&] {
        l.call(lab::change_clock{.action = lab::clock_action::advance, .by = 1s}, "you");
    };
    l.call(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "request"}, "you");
    l.call(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "bystander"}, "you");
    l.call(lab::new_worker{.context = 2, .kind = "wait", .name = "polite"}, "you");
    for (int i = 0; i < pollers; ++i)
        l.call(lab::new_worker{.context = 3, .kind = "poller", .every = 2ms}, "you");
    advance();
    const std::uint64_t before = l.log().last_seq();
    l.call(lab::cancel_context{.context = 2}, "you");
    advance();
    const auto ghost = l.log().read(0);
    QVERIFY(l.call(lab::reset_lab{.from = lab::fork_at(l.inputs(), ghost, before)}).ok());
    l.call(lab::new_worker{.context = 2, .kind = "stubborn", .name = "deaf", .duration = 5s}, "you");
    advance();
    lab::save_recording(file.toStdString(), {.program = "test", .fast = true, .first = l.lives()[0]}, l.log(),
                        l.lives());
}

void tst_CompareDialog::initTestCase() {
    QVERIFY(m_dir.isValid());
    record(m_dir.filePath("fork.ctxlab"), 0);
}

void tst_CompareDialog::init() {
    m_laboratory = std::make_unique<lab::laboratory>(lab::options{.running = false});
    m_session = std::make_unique<SessionModel>(*m_laboratory);
    m_window = std::make_unique<MainWindow>(*m_session, MainWindow::Memory::Forget);
    m_session->drain();
    openFile(m_dir.filePath("fork.ctxlab"));
    QCOMPARE(m_window->branches().count(), 2);
}

void tst_CompareDialog::cleanup() {
    m_window.reset();
    m_session.reset();
    m_laboratory.reset();
}

void tst_CompareDialog::theRowsAreWhatDiffers() {
    CompareDialog* dialog = compare();
    QVERIFY(dialog->done());
    QCOMPARE(dialog->firstDifference(lab::side::left), QString("you: cancel request"));
    QCOMPARE(dialog->firstDifference(lab::side::right),
             QString("you: worker of kind stubborn for request, called deaf"));
    const CompareModel& model = dialog->model();
    QVERIFY(row(model, "the runs as a whole").isValid());
    const QModelIndex request = row(model, "context request");
    QCOMPARE(text(request, Column::Left), QString("context canceled at +1.000 s"));
    QCOMPARE(text(request, Column::Right), QString("active"));
    QCOMPARE(text(model.index(0, 0, request), Column::What), QString("Err"));
    const QModelIndex deaf = row(model, "worker deaf");
    QCOMPARE(text(deaf, Column::Left), QString("is not there"));
    QCOMPARE(model.rowCount(deaf), 0);
    QVERIFY(!row(model, "context bystander").isValid());
}

void tst_CompareDialog::everythingCanBeShown() {
    CompareDialog* dialog = compare();
    auto& model = const_cast<CompareModel&>(dialog->model());
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int differing = model.rowCount();
    dialog->findChild<QCheckBox*>()->setChecked(false);
    QCOMPARE(model.rowCount(), differing + 2); // Background and the bystander
    const QModelIndex bystander = row(model, "context bystander");
    QCOMPARE(text(bystander, Column::Left), QString("active"));
    QCOMPARE(text(bystander, Column::Right), QString("active"));
    dialog->findChild<QCheckBox*>()->setChecked(true);
    QCOMPARE(model.rowCount(), differing);
}

void tst_CompareDialog::aClickShowsTheMoment() {
    const CompareDialog* dialog = compare();
    const std::uint64_t seq = dialog->model().comparison().first->left.seq;
    QLabel* link = nullptr;
    for (QLabel* label : dialog->findChildren<QLabel*>())
        if (label->text().contains("cancel request")) link = label;
    QVERIFY(link);
    QVERIFY(link->text().contains(QString("href=\"%1\"").arg(seq)));
    emit link->linkActivated(QString::number(seq));
    QCOMPARE(m_session->shownSeq(), seq);
    QCOMPARE(m_window->branches().shown(), 0);
}

void tst_CompareDialog::activatingARowSelectsTheThing() {
    const CompareDialog* dialog = compare();
    auto* view = dialog->findChild<QTreeView*>();
    m_session->showMoment(m_window->branches().life(1).last);
    emit view->activated(row(dialog->model(), "worker deaf"));
    QCOMPARE(m_session->selection(), (Selection{Selection::Sort::Worker, 2}));
    emit view->activated(row(dialog->model(), "context request"));
    QCOMPARE(m_session->selection(), (Selection{Selection::Sort::Context, 2}));
}

void tst_CompareDialog::itClosesWithItsLog() {
    const QPointer<CompareDialog> dialog = compare();
    m_session->showLive();
    QTRY_VERIFY(!dialog);
}

void tst_CompareDialog::longRunsAreComparedOnAnotherThread() {
    const QString file = m_dir.filePath("long.ctxlab");
    record(file, 4);
    m_session->showLive();
    openFile(file);
    CompareDialog* dialog = compare();
    QVERIFY(!dialog->done());
    QTRY_VERIFY_WITH_TIMEOUT(dialog->done(), 20'000);
    QCOMPARE(dialog->firstDifference(lab::side::left), QString("you: cancel request"));
    // One that is closed meanwhile is in nobody's way.
    delete compare();
}

void tst_CompareDialog::aRunOfTheRecordingGoesOnInTheLaboratory() {
    const std::uint64_t last = m_window->branches().life(0).last;
    Forks forks(*m_session, m_window->branches());
    m_session->showMoment(last);
    forks.forkAt(last);
    QTRY_VERIFY(m_session->live() && !m_session->recorded());
    QTRY_VERIFY(m_session->state().context(2));
    QCOMPARE(m_session->state().context(2)->err, std::string("context canceled"));
    QCOMPARE(m_session->state().now(), lab::lab_time(2s));
    QVERIFY(m_window->branches().beginning(1).startsWith("fork of fork.ctxlab"));
}

QTEST_MAIN(tst_CompareDialog)
#include "tst_comparedialog.moc"
