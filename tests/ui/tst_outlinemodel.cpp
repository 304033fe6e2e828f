// SPDX-License-Identifier: MIT
#include "outlinemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using Sort = Selection::Sort;

namespace {

/// A laboratory that stands still, a model over it, and an outline that is checked at every change.
struct Bench {
    lab::laboratory laboratory{{.running = false}};
    SessionModel session{laboratory};
    OutlineModel outline{session};
    QAbstractItemModelTester tester{&outline, QAbstractItemModelTester::FailureReportingMode::QtTest};

    Bench() { session.drain(); }

    lab::id_t make(lab::id_t parent, lab::context_kind kind = lab::context_kind::with_cancel) {
        const lab::reply reply =
            laboratory.call(lab::new_context{.parent = parent, .kind = kind, .key = "k"});
        return reply.ok() ? reply.id : 0;
    }
    QModelIndex at(lab::id_t context) const { return outline.indexOf({Sort::Context, context}); }
    QString text(lab::id_t context, int column) const {
        return outline.data(at(context).siblingAtColumn(column), Qt::DisplayRole).toString();
    }
};

} // namespace

class tst_OutlineModel : public QObject {
    Q_OBJECT

  private slots:
    void anEmptyLaboratoryHasBackgroundOnly() {
        Bench b;
        QCOMPARE(b.outline.rowCount(), 1);
        QCOMPARE(b.text(lab::root_id, OutlineModel::Kind), "Background");
        QCOMPARE(b.outline.rowCount(b.at(lab::root_id)), 0);
    }

    void newContextsAreInsertedUnderTheirParents() {
        Bench b;
        QSignalSpy inserted(&b.outline, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&b.outline, &QAbstractItemModel::modelReset);
        const lab::id_t a = b.make(lab::root_id);
        const lab::id_t a1 = b.make(a);
        const lab::id_t a2 = b.make(a, lab::context_kind::with_value);
        b.session.drain();
        QCOMPARE(reset.size(), 0);
        QCOMPARE(inserted.size(), 2); // siblings that come together are one insert
        QCOMPARE(b.at(a1).parent(), b.at(a));
        QCOMPARE(b.at(a2).row(), 1);
        QCOMPARE(b.text(a, OutlineModel::Children), "2");
        QCOMPARE(b.text(a2, OutlineModel::Kind), "WithValue");
    }

    void workersAreRowsOfTheirContext() {
        Bench b;
        const lab::id_t a = b.make(lab::root_id);
        const lab::reply worker =
            b.laboratory.call(lab::new_worker{.context = a, .kind = "wait", .name = "w"});
        QVERIFY2(worker.ok(), worker.error.c_str());
        b.session.drain();
        const QModelIndex row = b.outline.indexOf({Sort::Worker, worker.id});
        QCOMPARE(row.parent(), b.at(a));
        QCOMPARE(b.outline.selectionAt(row), (Selection{Sort::Worker, worker.id}));
        QCOMPARE(b.text(a, OutlineModel::Workers), "1 of 1");
    }

    void aWaveIsOneDataChanged() {
        Bench b;
        const lab::id_t a = b.make(lab::root_id);
        for (int i = 0; i < 50; ++i) QVERIFY(b.make(a));
        b.session.drain();
        QSignalSpy changed(&b.outline, &QAbstractItemModel::dataChanged);
        QVERIFY(b.laboratory.call(lab::cancel_context{.context = a, .cause = {}}).ok());
        b.session.drain();
        QCOMPARE(changed.size(), 1);
        QCOMPARE(b.text(a, OutlineModel::State), "cancelled");
        QCOMPARE(b.text(a, OutlineModel::Err), "context canceled");
        QCOMPARE(b.text(a + 50, OutlineModel::State), "cancelled");
    }

    void aSweepTakesRowsAway() {
        Bench b;
        const lab::id_t a = b.make(lab::root_id);
        const lab::id_t kept = b.make(lab::root_id);
        QVERIFY(b.laboratory.call(lab::cancel_context{.context = a, .cause = {}}).ok());
        QVERIFY(b.laboratory.call(lab::sweep{}).ok());
        b.session.drain();
        QVERIFY(!b.at(a).isValid());
        QCOMPARE(b.outline.rowCount(b.at(lab::root_id)), 1);
        QCOMPARE(b.at(kept).row(), 0);
    }

    void aRestartBeginsAnew() {
        Bench b;
        b.make(b.make(lab::root_id));
        b.session.drain();
        QVERIFY(b.laboratory.call(lab::reset_lab{}).ok());
        b.session.drain();
        QCOMPARE(b.outline.totalRows(), 1);
        QVERIFY(b.make(lab::root_id));
        b.session.drain();
        QCOMPARE(b.outline.totalRows(), 2);
    }
};

QTEST_GUILESS_MAIN(tst_OutlineModel)
#include "tst_outlinemodel.moc"
