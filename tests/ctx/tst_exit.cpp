// SPDX-License-Identifier: MIT
#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include "ctx/ctx.h"
#include "world.h"

#include <cstring>

/// A process that leaves main while contexts, callbacks, watchers and timers are still there.
class tst_exit : public QObject {
    Q_OBJECT

  private slots:
    void waitsForNothing_data();
    void waitsForNothing();
};

using namespace test;

namespace {

constexpr int expected_code = 7;

void leave_a_callback() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::chan<int> begun(0);
    ctx::after_func(made.context, [=] {
        begun.send(1);
        ctx::chan<int>().receive(); // never returns
    });
    made.cancel();
    begun.receive();
}

void leave_a_watcher() {
    static const auto outside = std::make_shared<foreign>();
    static const ctx::context child = ctx::with_cancel(ctx::context(outside)).context;
}

void leave_timers() {
    static const auto later = ctx::with_timeout(ctx::background(), 24h);
    static const ctx::ticker often(1ms);
    often.channel().receive();
}

void leave_a_worker() {
    static ctx::pool_scheduler pool(2);
    const ctx::chan<int> begun(0);
    ctx::go(pool, [begun]() -> ctx::task<> {
        co_await ctx::select(ctx::send(begun, 1));
        co_await ctx::select();
    });
    begun.receive();
}

struct left_over {
    const char* tag;
    const char* name;
    void (*leave)();
};
const left_over all[] = {
    {"CTX-307 the process does not wait for a callback", "callback", leave_a_callback},
    {"CTX-307 the process does not wait for a watcher", "watcher", leave_a_watcher},
    {"CTX-307 the process does not wait for timers", "timers", leave_timers},
    {"CTX-307 the process does not wait for a blocked worker", "worker", leave_a_worker},
};

} // namespace

void tst_exit::waitsForNothing_data() {
    QTest::addColumn<QString>("what");
    for (const left_over& l : all) QTest::newRow(l.tag) << QString(l.name);
}

void tst_exit::waitsForNothing() {
    QFETCH(const QString, what);
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("ASAN_OPTIONS", "detect_leaks=0"); // what is left over is the point
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(), {"--leave", what});
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), expected_code);
}

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "--leave") == 0) {
        for (const left_over& l : all)
            if (std::strcmp(argv[2], l.name) == 0) {
                l.leave();
                return expected_code;
            }
        return 1;
    }
    QCoreApplication app(argc, argv);
    tst_exit test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_exit.moc"
