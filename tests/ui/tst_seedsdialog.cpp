// SPDX-License-Identifier: MIT
#include "scenarios.h"
#include "seedsdialog.h"
#include "seedstext.h"
#include "seedverbs.h"
#include "sessionmodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTextBrowser>

namespace {

std::shared_ptr<lab::scenario> play(const char* commands) {
    const std::string text = std::string(R"({"name":"play","title":"A play","commands":[)") + commands + "]}";
    return std::make_shared<lab::scenario>(lab::parse_scenario(text, "play.json"));
}

/// Two operations fail at the same moment: the seed decides whose failure is the cause.
std::shared_ptr<lab::scenario> race() {
    return play(R"({"at_ms":0,"do":"context","id":"job","kind":"with_cancel_cause"},
                   {"at_ms":0,"do":"worker","context":"job","kind":"operation","name":"a","for":"1s","fail":"a failed"},
                   {"at_ms":0,"do":"worker","context":"job","kind":"operation","name":"b","for":"1s","fail":"b failed"},
                   {"at_ms":0,"do":"worker","context":"job","kind":"wait","name":"w1"},
                   {"at_ms":0,"do":"worker","context":"job","kind":"wait","name":"w2"})");
}

std::shared_ptr<lab::scenario> quiet() {
    return play(R"({"at_ms":0,"do":"context","id":"only","kind":"with_timeout","timeout":"1s"})");
}

lab::seed_report reportOf(std::vector<lab::outcome> outcomes) {
    lab::seed_report r;
    for (const lab::outcome& o : outcomes) r.tried += o.count;
    r.outcomes = std::move(outcomes);
    return r;
}

} // namespace

class tst_SeedsDialog : public QObject {
    Q_OBJECT

  private slots:
    void whatAllOutcomesShareIsLeftOut() {
        const lab::seed_report r =
            reportOf({{.fates = {"context job: canceled", "worker a: x"}, .count = 3},
                      {.fates = {"context job: canceled", "worker a: y"}, .count = 1}});
        const auto all = SeedsText::differences(r);
        QCOMPARE(all[0], QStringList{"worker a: x"});
        QCOMPARE(all[1], QStringList{"worker a: y"});
    }

    void whatOccursMoreOftenInOneIsCounted() {
        const lab::seed_report r = reportOf({{.fates = {"worker w: x", "worker w: x"}, .count = 1},
                                             {.fates = {"worker w: x", "worker w: y"}, .count = 1}});
        const auto all = SeedsText::differences(r);
        QCOMPARE(all[0], QStringList{"worker w: x (2 times)"});
        QCOMPARE(all[1], (QStringList{"worker w: x", "worker w: y"}));
    }

    void moreThanOneOrderIsNotDefined() {
        lab::outcome o{.count = 2, .orders = {{.workers = {"a", "b"}, .count = 2, .seed = 1}}};
        QCOMPARE(SeedsText::orders(o), "a, b");
        o.orders.push_back({.workers = {"b", "a"}, .count = 1, .seed = 2});
        o.orders.push_back({.workers = {"b"}, .count = 1, .seed = 3});
        QCOMPARE(SeedsText::orders(o), "not defined: 3 orders occurred");
    }

    void theOutcomesOfARaceAreToldApart() {
        SeedsDialog dialog(race());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        dialog.findChild<QSpinBox*>("count")->setValue(40);
        QSignalSpy finished(&dialog, &SeedsDialog::finished);
        dialog.findChild<QPushButton*>("start")->click();
        QVERIFY(dialog.isRunning());
        QVERIFY(finished.wait(60'000));
        QCOMPARE(dialog.report().tried, std::size_t(40));
        QCOMPARE(dialog.report().outcomes.size(), std::size_t(2));
        auto* list = dialog.findChild<QListWidget*>("outcomes");
        QCOMPARE(list->count(), 2);
        const QString shown = dialog.findChild<QTextBrowser*>("details")->toPlainText();
        QVERIFY2(shown.contains("cause a failed") != shown.contains("cause b failed"), qPrintable(shown));
        QVERIFY2(shown.contains("not defined"), qPrintable(shown));
        QSignalSpy chosen(&dialog, &SeedsDialog::seedChosen);
        list->setCurrentRow(1);
        dialog.findChild<QPushButton*>("open")->click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<std::int64_t>(), dialog.report().outcomes[1].seed);
    }

    void theReportIsCopied() {
        SeedsDialog dialog(quiet());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.findChild<QSpinBox*>("count")->setValue(3);
        QSignalSpy finished(&dialog, &SeedsDialog::finished);
        dialog.start();
        QVERIFY(finished.wait(60'000));
        for (QPushButton* button : dialog.findChildren<QPushButton*>())
            if (button->text() == "Copy") button->click();
        const QString text = QApplication::clipboard()->text();
        QVERIFY2(text.startsWith("A play: 3 seeds, one outcome"), qPrintable(text));
    }

    void itCanBeStoppedAndClosedMeanwhile() {
        {
            SeedsDialog dialog(race());
            dialog.setAttribute(Qt::WA_DeleteOnClose, false);
            dialog.findChild<QSpinBox*>("count")->setValue(100'000);
            QSignalSpy finished(&dialog, &SeedsDialog::finished);
            dialog.start();
            QTest::qWait(20);
            dialog.stop();
            QVERIFY(finished.wait(60'000));
            QVERIFY(dialog.report().tried < 100'000);
            dialog.start();
        } // closed while it runs
    }

    void aSeedThatIsNoneIsRefused() {
        SeedsDialog dialog(quiet());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.findChild<QLineEdit*>("first")->setText("soon");
        dialog.start();
        QVERIFY(!dialog.isRunning());
    }

    void theSeedIsChosenAndDrawnAnew() {
        lab::laboratory lab(lab::options{.running = false});
        SessionModel session(lab);
        QWidget window;
        Scenarios scenarios(session);
        SeedVerbs verbs(session, scenarios, &window);
        session.drain();
        QVERIFY(!verbs.tryMany()->isEnabled());
        QVERIFY2(verbs.tryMany()->toolTip().contains("empty laboratory"),
                 qPrintable(verbs.tryMany()->toolTip()));
        scenarios.open(race());
        QTRY_VERIFY(verbs.tryMany()->isEnabled());
        QCOMPARE(session.state().seed(), std::int64_t(1));
        window.show();
        verbs.choose()->trigger();
        QTRY_VERIFY(QApplication::activeModalWidget());
        QWidget* dialog = QApplication::activeModalWidget();
        dialog->findChild<QLineEdit*>("seed")->setText("seven");
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(QApplication::activeModalWidget());
        dialog->findChild<QLineEdit*>("seed")->setText("7");
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(session.state().seed(), std::int64_t(7));
        QCOMPARE(scenarios.title(), "play");
        scenarios.restart();
        QTRY_COMPARE(session.liveHistory().lives().size(), std::size_t(4));
        QCOMPARE(session.state().seed(), std::int64_t(7)); // a reset keeps it
        verbs.reroll()->trigger();
        QTRY_VERIFY(session.state().seed() != 7);
    }

    void anEmptyLaboratoryHasASeedToo() {
        lab::laboratory lab(lab::options{.running = false});
        SessionModel session(lab);
        QWidget window;
        Scenarios scenarios(session);
        scenarios.openWithSeed(12);
        QTRY_COMPARE(session.state().seed(), std::int64_t(12));
        QVERIFY(scenarios.title().isEmpty());
        QCOMPARE(session.state().contexts().size(), std::size_t(1));
    }

    void whatSocketsDoNoSeedDecides() {
        lab::laboratory lab(lab::options{.running = false});
        SessionModel session(lab);
        QWidget window;
        Scenarios scenarios(session);
        SeedVerbs verbs(session, scenarios, &window);
        for (const auto& s : scenarios.shipped())
            if (s->needs_sockets()) {
                scenarios.open(s);
                QTRY_VERIFY(verbs.tryMany()->toolTip().contains("sockets"));
                QVERIFY(!verbs.tryMany()->isEnabled());
                return;
            }
        QFAIL("no shipped scenario sends requests");
    }
};

QTEST_MAIN(tst_SeedsDialog)
#include "tst_seedsdialog.moc"
