// SPDX-License-Identifier: MIT
#include "connection.h"
#include "go_port.h"

#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

/// Go's example_test.go: what the examples print.
class tst_go_examples : public QObject {
    Q_OBJECT

  private slots:
    void printsWhatGoPrints_data();
    void printsWhatGoPrints();
};

using namespace go_port;

namespace {

const ctx::chan<ctx::empty> never_ready(0);

ctx::task<> generate(ctx::context c, ctx::chan<int> out) {
    for (int n = 1; co_await ctx::select(ctx::recv(c.done()), ctx::send(out, n)) != 0; ++n) {
    }
}

/// A generator ends with its context instead of leaking.
void with_cancel(std::ostream& out) {
    ctx::pool_scheduler pool(1);
    const ctx::chan<int> numbers(0);
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::wait_group generators;
    generators.go(pool, generate, made.context, numbers);
    while (const auto n = numbers.receive()) {
        out << *n << '\n';
        if (*n == 5) break;
    }
    made.cancel();
    generators.wait();
}

void wait_for_either(std::ostream& out, const ctx::context& c) {
    if (ctx::select(ctx::recv(never_ready), ctx::recv(c.done())) == 0)
        out << "ready\n";
    else
        out << c.err().text() << '\n';
}

void with_deadline(std::ostream& out) {
    const auto made = ctx::with_deadline(ctx::background(), ctx::real_clock()->now() + short_duration);
    const ctx::cancel_guard stop(made.cancel);
    wait_for_either(out, made.context);
}

void with_timeout(std::ostream& out) {
    const auto made = ctx::with_timeout(ctx::background(), short_duration);
    const ctx::cancel_guard stop(made.cancel);
    wait_for_either(out, made.context);
}

/// A type of its own for keys, as the package asks for.
struct fav_context_key {
    std::string name;
    bool operator==(const fav_context_key&) const = default;
};

void with_value(std::ostream& out) {
    const auto look_up = [&](const ctx::context& c, const fav_context_key& k) {
        if (const ctx::any_value v = c.value(ctx::any_key(k)))
            out << "found value: " << *v.as<std::string>() << '\n';
        else
            out << "key not found: " << k.name << '\n';
    };
    const fav_context_key k{"language"};
    const ctx::context c =
        ctx::with_value(ctx::background(), ctx::any_key(k), ctx::any_value(std::string("Go")));
    look_up(c, k);
    look_up(c, fav_context_key{"color"});
}

/// Waits on a condition and gives up when the context is done.
ctx::error wait_on_cond(const ctx::context& c, std::unique_lock<std::mutex>& lock,
                        std::condition_variable& changed, const std::function<bool()>& met) {
    // The lock makes sure that the broadcast does not come before the wait.
    const auto stop = ctx::after_func(c, [&changed, mutex = lock.mutex()] {
        const std::lock_guard broadcasting(*mutex);
        changed.notify_all();
    });
    ctx::error result;
    while (!met() && !result) {
        changed.wait(lock);
        result = c.err(); // others are woken by the same broadcast
    }
    stop();
    return result;
}

void after_func_cond(std::ostream& out) {
    // Go's collector keeps what a callback refers to that has begun and not ended.
    static std::mutex mutex;
    static std::condition_variable changed;
    std::vector<std::jthread> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.emplace_back([&out] {
            const auto made = ctx::with_timeout(ctx::background(), 1ms);
            const ctx::cancel_guard stop(made.cancel);
            std::unique_lock lock(mutex);
            const ctx::error e = wait_on_cond(made.context, lock, changed, [] { return false; });
            out << e.text() << '\n';
        });
}

/// Reads, and gives up when the context is done.
std::pair<std::size_t, ctx::error> read_from(const ctx::context& c, connection& conn, std::span<char> to) {
    const ctx::chan<ctx::empty> given_up(0);
    const auto stop = ctx::after_func(c, [&conn, given_up] {
        conn.give_up_reading();
        given_up.close();
    });
    const auto [n, e] = conn.read(to);
    if (stop()) return {n, e};
    // It was started: wait until it has finished, and take the deadline back.
    given_up.wait();
    conn.read_without_deadline();
    return {n, c.err()};
}

void after_func_connection(std::ostream& out) {
    sockaddr_in address{};
    const descriptor listening = listen_on_loopback(address);
    connection conn(address);
    const auto made = ctx::with_timeout(ctx::background(), 1ms);
    const ctx::cancel_guard stop(made.cancel);
    std::array<char, 1024> buffer{};
    out << read_from(made.context, conn, buffer).second.text() << '\n';

    // The connection is as good as before.
    const descriptor accepted(::accept(listening.get(), nullptr, nullptr));
    QCOMPARE(::send(accepted.get(), "hello", 5, 0), ssize_t(5));
    const auto [n, e] = read_from(ctx::background(), conn, buffer);
    QVERIFY(!e && std::string(buffer.data(), n) == "hello");
}

/// The values of `c`, and the end of either.
ctx::cause_cancelable merge_cancel(const ctx::context& c, const ctx::context& other, ctx::stop_func& stop) {
    const auto made = ctx::with_cancel_cause(c);
    stop = ctx::after_func(other, [cancel = made.cancel, other] { cancel(ctx::cause(other)); });
    return made;
}

void after_func_merge(std::ostream& out) {
    const auto first = ctx::with_cancel_cause(ctx::background());
    const auto second = ctx::with_cancel_cause(ctx::background());
    ctx::stop_func stop;
    const auto merged = merge_cancel(first.context, second.context, stop);
    second.cancel(ctx::error("ctx2 canceled"));
    merged.context.done().wait();
    out << ctx::cause(merged.context).text() << '\n';
    QVERIFY(!stop() && !first.context.err());
    first.cancel(ctx::error("ctx1 canceled"));
    QCOMPARE(ctx::cause(merged.context).text(), std::string("ctx2 canceled"));
}

using example = void (*)(std::ostream&);

} // namespace

Q_DECLARE_METATYPE(example)

void tst_go_examples::printsWhatGoPrints_data() {
    QTest::addColumn<example>("run");
    QTest::addColumn<QString>("output");
    const QString late = "context deadline exceeded\n";
    QTest::newRow("ExampleWithCancel") << example(with_cancel) << "1\n2\n3\n4\n5\n";
    QTest::newRow("ExampleWithDeadline") << example(with_deadline) << late;
    QTest::newRow("ExampleWithTimeout") << example(with_timeout) << late;
    QTest::newRow("ExampleWithValue") << example(with_value) << "found value: Go\nkey not found: color\n";
    QTest::newRow("ExampleAfterFunc_cond") << example(after_func_cond) << late.repeated(4);
    QTest::newRow("ExampleAfterFunc_connection") << example(after_func_connection) << late;
    QTest::newRow("ExampleAfterFunc_merge") << example(after_func_merge) << "ctx2 canceled\n";
}

void tst_go_examples::printsWhatGoPrints() {
    QFETCH(const example, run);
    QFETCH(const QString, output);
    std::ostringstream out;
    run(out);
    QCOMPARE(QString::fromStdString(out.str()), output);
}

QTEST_APPLESS_MAIN(tst_go_examples)
#include "tst_go_examples.moc"
