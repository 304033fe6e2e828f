// SPDX-License-Identifier: MIT
#include "expression.h"

#include <QTest>

using namespace std::chrono_literals;
using k = lab::context_kind;

class tst_Expression : public QObject {
    Q_OBJECT

  private slots:
    void readsLikeTheCode_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QString>("go");
        QTest::addColumn<QString>("cpp");
        const auto row = [](const char* name, k kind, std::chrono::nanoseconds length, const char* go,
                            const char* cpp) {
            QTest::newRow(name) << static_cast<int>(kind) << qint64(length.count()) << QString::fromUtf8(go)
                                << QString::fromUtf8(cpp);
        };
        row("cancel", k::with_cancel, 0s, "ctx, cancel := context.WithCancel(parent)",
            "auto [c, cancel] = ctx::with_cancel(parent);");
        row("timeout", k::with_timeout, 2s, "ctx, cancel := context.WithTimeout(parent, 2*time.Second)",
            "auto [c, cancel] = ctx::with_timeout(parent, 2s);");
        row("one second", k::with_timeout, 1s, "ctx, cancel := context.WithTimeout(parent, time.Second)",
            "auto [c, cancel] = ctx::with_timeout(parent, 1s);");
        row("not whole seconds", k::with_timeout, 1500ms,
            "ctx, cancel := context.WithTimeout(parent, 1500*time.Millisecond)",
            "auto [c, cancel] = ctx::with_timeout(parent, 1500ms);");
        row("no time", k::with_timeout, 0s, "ctx, cancel := context.WithTimeout(parent, 0)",
            "auto [c, cancel] = ctx::with_timeout(parent, 0s);");
        row("deadline", k::with_deadline, 1min,
            "ctx, cancel := context.WithDeadline(parent, time.Now().Add(time.Minute))",
            "auto [c, cancel] = ctx::with_deadline(parent, now + 1min);");
        row("value", k::with_value, 0s, "ctx := context.WithValue(parent, key(\"user\"), \"a \\\"b\\\"\")",
            "auto c = ctx::with_value(parent, user, \"a \\\"b\\\"\");");
        row("without cancel", k::without_cancel, 0s, "ctx := context.WithoutCancel(parent)",
            "auto c = ctx::without_cancel(parent);");
    }

    void readsLikeTheCode() {
        QFETCH(int, kind);
        QFETCH(qint64, ns);
        QFETCH(QString, go);
        QFETCH(QString, cpp);
        Derivation d;
        d.kind = static_cast<k>(kind);
        d.length = std::chrono::nanoseconds(ns);
        d.key = "user";
        d.value = "a \"b\"";
        QCOMPARE(expression(d, Language::Go), go);
        QCOMPARE(expression(d, Language::Cpp), cpp);
    }

    void theRootIsCalledByItsName() {
        Derivation d;
        d.underRoot = true;
        QCOMPARE(expression(d, Language::Go), "ctx, cancel := context.WithCancel(context.Background())");
    }

    void aTimeoutReadsAsItWasWrittenAlthoughTheClockMovedOn() {
        lab::state state;
        state.apply({.seq = 1,
                     .at = 100ms + 37us,
                     .kind = lab::event_kind::context_created,
                     .ctx_kind = k::with_timeout,
                     .context = 2,
                     .deadline = 2100ms});
        const Derivation d = Derivation::of(*state.context(2), state);
        QCOMPARE(d.length->count(), std::chrono::nanoseconds(2s).count());
    }
};

QTEST_APPLESS_MAIN(tst_Expression)
#include "tst_expression.moc"
