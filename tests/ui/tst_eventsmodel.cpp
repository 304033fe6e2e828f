// SPDX-License-Identifier: MIT
#include "eventsmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using Sort = Selection::Sort;

namespace {

struct Bench {
    lab::laboratory laboratory{{.running = false}};
    SessionModel session{laboratory};
    EventsModel events;
    QAbstractItemModelTester tester{&events, QAbstractItemModelTester::FailureReportingMode::QtTest};

    explicit Bench(std::size_t most = 100) : events(session, most) { session.drain(); }

    lab::id_t make() { return laboratory.call(lab::new_context{.name = "request"}).id; }
    int eventsInLife() const {
        const History::Life& life = session.shownLife();
        return static_cast<int>(life.last + 1 - life.first);
    }
    QString text(int row, int column) const {
        return events.data(events.index(row, column), Qt::DisplayRole).toString();
    }
};

} // namespace

class tst_EventsModel : public QObject {
    Q_OBJECT

  private slots:
    void thereIsARowForEveryEvent() {
        Bench b;
        b.make();
        b.session.drain();
        QCOMPARE(b.events.rowCount(), b.eventsInLife());
        QVERIFY(b.text(b.events.rowCount() - 1, EventsModel::Sentence).contains("request"));
        QCOMPARE(b.text(0, EventsModel::Time), "+0.000 s");
    }

    void aFilterKeepsWhatConcernsTheSelection() {
        Bench b;
        const lab::id_t one = b.make();
        const lab::id_t other = b.make();
        b.session.drain();
        b.events.setFilter({Sort::Context, one});
        QCOMPARE(b.events.rowCount(), 1);
        QCOMPARE(b.events.subjectOf(0), (Selection{Sort::Context, one}));
        QVERIFY(b.laboratory.call(lab::cancel_context{.context = other, .cause = {}}).ok());
        b.session.drain();
        QCOMPARE(b.events.rowCount(), 1);
        QVERIFY(b.laboratory.call(lab::cancel_context{.context = one, .cause = {}}).ok());
        b.session.drain();
        QVERIFY(b.events.rowCount() > 1);
        b.events.setFilter({});
        QCOMPARE(b.events.rowCount(), b.eventsInLife());
    }

    void aFilteredListKeepsTheLatest() {
        Bench b(3);
        const lab::id_t one = b.make();
        b.session.drain();
        b.events.setFilter({Sort::Context, one});
        for (int i = 0; i < 9; ++i)
            QVERIFY(
                b.laboratory.call(lab::look_up_value{.context = one, .key = "k" + std::to_string(i)}).ok());
        b.session.drain();
        QCOMPARE(b.events.rowCount(), 3);
        QVERIFY(b.text(2, EventsModel::Sentence).contains("k8"));
    }

    void aNameThatWasSweptAwayStaysInItsSentence() {
        Bench b;
        const lab::id_t one = b.make();
        QVERIFY(b.laboratory.call(lab::cancel_context{.context = one, .cause = {}}).ok());
        b.session.drain();
        const int last = b.events.rowCount() - 1;
        const QString before = b.text(last, EventsModel::Sentence);
        QVERIFY(before.contains("request"));
        QVERIFY(b.laboratory.call(lab::sweep{}).ok());
        b.session.drain();
        QCOMPARE(b.text(last, EventsModel::Sentence), before);
    }

    void aRestartBeginsAnew() {
        Bench b;
        const lab::id_t one = b.make();
        b.session.drain();
        b.events.setFilter({Sort::Context, one});
        QVERIFY(b.laboratory
                    .call(lab::reset_lab{
                        .with = std::make_shared<const lab::scenario>(lab::find_scenario("leak"))})
                    .ok());
        b.session.drain();
        QCOMPARE(b.events.rowCount(), b.eventsInLife());
        QCOMPARE(b.events.filter(), Selection{});
    }
};

QTEST_GUILESS_MAIN(tst_EventsModel)
#include "tst_eventsmodel.moc"
