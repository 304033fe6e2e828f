// SPDX-License-Identifier: MIT
#include "lab/command.h"

#include <QTest>

#include <set>

using namespace std::chrono_literals;

class tst_worker_kinds : public QObject {
    Q_OBJECT
  private slots:
    void theAgreedKindsExist_data();
    void theAgreedKindsExist();
    void everyKindIsExplained();
    void whatIsLeftOutGetsItsFallback();
    void whatWasGivenStays();
    void badFieldsAreNamed_data();
    void badFieldsAreNamed();
};

void tst_worker_kinds::theAgreedKindsExist_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("fields");
    const auto row = [](const char* kind, const char* fields) {
        QTest::newRow(kind) << QByteArray(kind) << QByteArray(fields);
    };
    row("wait", "");
    row("poller", "every");
    row("work", "for");
    row("operation", "for fail");
    row("stubborn", "for");
    row("cpu", "for check_every");
    row("producer", "channel count every");
    row("consumer", "channel count every");
    row("pipeline", "stages count");
    row("fanout", "n for fail_index fail_after");
}

void tst_worker_kinds::theAgreedKindsExist() {
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, fields);
    const lab::worker_kind* k = lab::find_worker_kind(kind.toStdString());
    QVERIFY(k);
    QByteArray names;
    for (const lab::worker_field& f : k->fields)
        names += (names.isEmpty() ? "" : " ") + QByteArray::fromStdString(f.name);
    QCOMPARE(names, fields);
}

void tst_worker_kinds::everyKindIsExplained() {
    std::set<std::string> codes;
    for (const lab::worker_kind& k : lab::worker_kinds()) {
        QVERIFY(!k.help.empty());
        codes.insert(k.go_code);
        for (const lab::worker_field& f : k.fields) {
            QVERIFY2(!f.help.empty() && !f.fallback.empty(), (k.name + '.' + f.name).c_str());
        }
        lab::new_worker w{.kind = k.name};
        QCOMPARE(lab::complete(w), std::string());
    }
    QCOMPARE(codes.size(), lab::worker_kinds().size());
    QVERIFY(!lab::find_worker_kind("tea"));
}

void tst_worker_kinds::whatIsLeftOutGetsItsFallback() {
    lab::new_worker w{.kind = "fanout"};
    QCOMPARE(lab::complete(w), std::string());
    QVERIFY(w.n == 4);
    QVERIFY(w.duration == std::chrono::nanoseconds(1s));
    QVERIFY(w.fail_index == -1);
    QVERIFY(!w.every);
}

void tst_worker_kinds::whatWasGivenStays() {
    lab::new_worker w{.kind = "operation", .duration = 30ms, .fail = "no luck"};
    QCOMPARE(lab::complete(w), std::string());
    QVERIFY(w.duration == std::chrono::nanoseconds(30ms));
    QCOMPARE(w.fail, std::string("no luck"));
}

Q_DECLARE_METATYPE(lab::new_worker)

void tst_worker_kinds::badFieldsAreNamed_data() {
    QTest::addColumn<lab::new_worker>("worker");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("kind")
        << lab::new_worker{.kind = "tea"}
        << QByteArray("kind: \"tea\": expected one of wait, poller, work, operation, stubborn, cpu, "
                      "producer, consumer, pipeline, fanout");
    QTest::newRow("no interval") << lab::new_worker{.kind = "poller", .every = 0ns}
                                 << QByteArray("every: \"0s\": expected more than 0s, and at most 24h0m0s");
    QTest::newRow("negative") << lab::new_worker{.kind = "work", .duration = -1s}
                              << QByteArray("for: \"-1s\": expected 0s to 24h0m0s");
    QTest::newRow("too long") << lab::new_worker{.kind = "work", .duration = 25h}
                              << QByteArray("for: \"25h0m0s\": expected 0s to 24h0m0s");
    QTest::newRow("none") << lab::new_worker{.kind = "fanout", .n = 0}
                          << QByteArray("n: 0: expected 1 to 1000");
    QTest::newRow("nobody fails") << lab::new_worker{.kind = "fanout", .n = 3, .fail_index = 3}
                                  << QByteArray("fail_index: 3: expected -1 to 2, because n is 3");
}

void tst_worker_kinds::badFieldsAreNamed() {
    QFETCH(lab::new_worker, worker);
    QFETCH(QByteArray, problem);
    QCOMPARE(QByteArray::fromStdString(lab::complete(worker)), problem);
}

QTEST_APPLESS_MAIN(tst_worker_kinds)
#include "tst_worker_kinds.moc"
