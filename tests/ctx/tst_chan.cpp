// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// Channels by themselves: buffers, order, nil, identity, directions.
class tst_chan : public QObject {
    Q_OBJECT

  private slots:
    void carriesValues_data();
    void carriesValues() { run_rule(); }
    void servesInOrder_data();
    void servesInOrder() { run_rule(); }
    void isAValue_data();
    void isAValue() { run_rule(); }
};

using namespace test;

namespace {

using ints = std::vector<int>;

void an_unbuffered_send_needs_a_receiver() {
    const ctx::chan<int> c(0);
    QVERIFY(!c.try_send(1));
    QVERIFY(!c.try_receive());
    std::jthread sender([c] { c.send(7); });
    QCOMPARE(c.receive(), 7);
}

void an_unbuffered_send_ends_with_its_receive() {
    const ctx::chan<int> c(0);
    workers w;
    bool sent = false;
    w.start([&]() -> ctx::task<> {
        co_await ctx::select(ctx::send(c, 7));
        sent = true;
    });
    QVERIFY(!sent);
    QCOMPARE(c.try_receive(), 7);
    w.run();
    QVERIFY(sent);
}

void a_buffer_takes_as_many_as_it_holds() {
    const ctx::chan<int> c(3);
    for (int i = 0; i < 3; ++i) QVERIFY(c.try_send(i));
    QVERIFY(!c.try_send(3));
    QCOMPARE(c.receive(), 0);
    QVERIFY(c.try_send(3));
    for (int i = 1; i < 4; ++i) QCOMPARE(c.receive(), i);
    QVERIFY(!c.try_receive());
}

void values_that_cannot_be_copied_pass() {
    const ctx::chan<std::unique_ptr<int>> c(1);
    c.send(std::make_unique<int>(7));
    const auto got = c.receive();
    QVERIFY(got && *got);
    QCOMPARE(**got, 7);
}

void values_nobody_takes_are_freed() {
    const auto held = std::make_shared<int>(1);
    {
        workers w;
        const ctx::chan<std::shared_ptr<int>> c(2);
        c.send(held);
        c.send(held);
        w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(c, held)); });
        QCOMPARE(held.use_count(), 4);
        QVERIFY(!c.try_send(held));
        QCOMPARE(held.use_count(), 4);
    }
    QCOMPARE(held.use_count(), 1);
}

void values_keep_their_order() {
    const ctx::chan<int> c(3);
    std::jthread sender([c] {
        for (int i = 0; i < 1000; ++i) c.send(i);
        c.close();
    });
    int expected = 0;
    while (const auto v = c.receive()) QCOMPARE(*v, expected++);
    QCOMPARE(expected, 1000);
}

void each_value_goes_to_one_receiver() {
    constexpr int senders = 4, receivers = 4, each = scaled(5000);
    for (const std::size_t capacity : {0u, 1u, 7u}) {
        const ctx::chan<int> c(capacity);
        std::vector<ints> got(receivers);
        {
            std::vector<std::jthread> out, in;
            for (ints& mine : got)
                in.emplace_back([c, &mine] {
                    while (const auto v = c.receive()) mine.push_back(*v);
                });
            for (int s = 0; s < senders; ++s)
                out.emplace_back([c, s] {
                    for (int i = 0; i < each; ++i) c.send(s * each + i);
                });
            out.clear();
            c.close();
        }
        ints times(senders * each);
        for (const ints& mine : got) {
            ints last(senders, -1);
            for (const int v : mine) {
                ++times[static_cast<std::size_t>(v)];
                QVERIFY(last[static_cast<std::size_t>(v / each)] < v);
                last[static_cast<std::size_t>(v / each)] = v;
            }
        }
        QCOMPARE(times, ints(senders * each, 1));
    }
}

void waiting_receivers_are_served_first_come_first_served() {
    const ctx::chan<int> c(0);
    workers w;
    ints got;
    for (int i = 0; i < 10; ++i)
        w.start([&, i]() -> ctx::task<> {
            int v = 0;
            co_await ctx::select(ctx::recv(c, v));
            got.push_back(10 * i + v);
        });
    ints expected;
    for (int i = 0; i < 10; ++i) {
        QVERIFY(c.try_send(i));
        w.run();
        expected.push_back(11 * i);
    }
    QCOMPARE(got, expected);
    QVERIFY(!c.try_send(10));
}

void waiting_senders_are_served_first_come_first_served() {
    for (const std::size_t capacity : {0u, 2u}) {
        const ctx::chan<int> c(capacity);
        workers w;
        for (int i = 0; i < 10; ++i)
            w.start([&, i]() -> ctx::task<> { co_await ctx::select(ctx::send(c, i)); });
        QCOMPARE(c.size(), capacity);
        QCOMPARE(w.live(), 10 - capacity);
        for (int i = 0; i < 10; ++i) QCOMPARE(c.try_receive(), i);
        w.run();
        QCOMPARE(w.live(), 0u);
    }
}

void one_that_left_is_passed_over() {
    const ctx::chan<int> c(0), leave(0);
    workers w;
    ints got;
    for (int i = 0; i < 3; ++i)
        w.start([&, i]() -> ctx::task<> {
            int v = 0;
            if (i == 1)
                co_await ctx::select(ctx::recv(c, v), ctx::recv(leave));
            else
                co_await ctx::select(ctx::recv(c, v));
            if (v) got.push_back(10 * i + v);
        });
    leave.close();
    QVERIFY(c.try_send(1));
    QVERIFY(c.try_send(2));
    QVERIFY(!c.try_send(3));
    w.run();
    QCOMPARE(got.size(), 2u);
    QVERIFY(got == (ints{1, 22}) || got == (ints{22, 1}));
}

void a_nil_channel_is_never_ready() {
    const ctx::chan<int> nil;
    QVERIFY(!nil);
    QVERIFY(!nil.closed());
    QVERIFY(!nil.try_receive());
    QVERIFY(!nil.try_send(1));
    QCOMPARE(nil.size(), 0u);
    QCOMPARE(nil.capacity(), 0u);
    const ctx::chan<int> ready(1);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(std::size_t(ctx::select(ctx::recv(nil), ctx::send(nil, 1), ctx::send(ready, i))), 2u);
        QCOMPARE(std::size_t(ctx::select(ctx::recv(nil), ctx::recv(ready), ctx::send(nil, 1))), 1u);
        QCOMPARE(std::size_t(ctx::select(ctx::recv(nil), ctx::send(nil, 1), ctx::otherwise())), 2u);
    }
}

void a_nil_channel_blocks_for_ever() {
    const ctx::chan<int> nil;
    workers w;
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::recv(nil)); });
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(nil, 1)); });
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::recv(nil), ctx::send(nil, 1)); });
    QCOMPARE(w.live(), 3u);
}

void length_and_capacity_are_told() {
    const ctx::chan<int> c(2), unbuffered(0), nil;
    QCOMPARE(c.capacity(), 2u);
    QCOMPARE(nil.size() + nil.capacity(), 0u);
    QCOMPARE(unbuffered.capacity(), 0u);
    QCOMPARE(c.size(), 0u);
    c.send(1);
    QCOMPARE(c.size(), 1u);
    c.send(2);
    QCOMPARE(c.size(), 2u);
    workers w;
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(c, 3)); });
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(unbuffered, 3)); });
    QCOMPARE(c.size(), 2u); // a sender that waits is not in the buffer
    QCOMPARE(unbuffered.size(), 0u);
    c.receive();
    QCOMPARE(c.size(), 2u);
    c.receive();
    c.close();
    QCOMPARE(c.size(), 1u);
    QCOMPARE(c.capacity(), 2u);
}

template <class C>
concept receives = requires(const C& c) {
    c.receive();
    c.try_receive();
    c.closed();
};
template <class C>
concept sends = requires(const C& c) {
    c.send(1);
    c.try_send(1);
};
template <class C>
concept closable = requires(const C& c) {
    c.close();
};

using both = ctx::chan<int>;
using in = ctx::recv_chan<int>;
using out = ctx::send_chan<int>;
static_assert(receives<both> && sends<both> && closable<both>);
static_assert(receives<in> && !sends<in> && !closable<in>);
static_assert(!receives<out> && sends<out> && closable<out>);
static_assert(std::is_convertible_v<both, in> && std::is_convertible_v<both, out>);
static_assert(!std::is_constructible_v<both, in> && !std::is_constructible_v<both, out>);
static_assert(!std::is_constructible_v<in, out> && !std::is_constructible_v<out, in>);
static_assert(std::is_same_v<decltype(ctx::background().done()), ctx::recv_chan<ctx::empty>>);

void views_are_the_same_channel() {
    const both c(1);
    const in receiving = c;
    const out sending = c;
    sending.send(7);
    QCOMPARE(receiving.size(), 1u);
    QCOMPARE(sending.capacity(), 1u);
    QCOMPARE(receiving.receive(), 7);
    QCOMPARE(c.receiver(), receiving);
    QCOMPARE(c.sender(), sending);
    sending.close();
    QVERIFY(receiving.closed() && c.closed());
}

void a_view_keeps_the_channel() {
    out sending;
    const in receiving = [&] {
        const both c(1);
        sending = c;
        return c.receiver();
    }();
    QVERIFY(sending.try_send(7));
    QCOMPARE(receiving.receive(), 7);
}

void equal_means_identical() {
    const both a(0), b(0), nil, other_nil;
    const both copy = a;
    QVERIFY(a == copy && a != b && a != nil);
    QCOMPARE(nil, other_nil);
    QVERIFY(a.sender() == copy.sender() && a.sender() != b.sender());
}

void channels_are_keys() {
    std::unordered_map<both, int> numbers;
    std::unordered_set<in> receivers;
    std::unordered_set<out> senders;
    std::vector<both> all;
    for (int i = 0; i < 100; ++i) {
        all.emplace_back(0);
        numbers[all.back()] = i;
        receivers.insert(all.back());
        senders.insert(all.back());
    }
    for (int i = 0; i < 100; ++i) {
        const both& c = all[static_cast<std::size_t>(i)];
        QCOMPARE(numbers.at(c), i);
        QVERIFY(receivers.contains(c.receiver()) && senders.contains(c.sender()));
    }
    QCOMPARE(numbers.size(), 100u);
    QVERIFY(!numbers.contains(both()));
    QVERIFY(!receivers.contains(both(0)));
}

} // namespace

void tst_chan::carriesValues_data() {
    rules({
        {"CHN-001 an unbuffered send needs a receiver", an_unbuffered_send_needs_a_receiver},
        {"CHN-001 an unbuffered send ends with its receive", an_unbuffered_send_ends_with_its_receive},
        {"CHN-001 a buffer takes as many as it holds", a_buffer_takes_as_many_as_it_holds},
        {"CHN-001 values that cannot be copied pass", values_that_cannot_be_copied_pass},
        {"CHN-001 values nobody takes are freed", values_nobody_takes_are_freed},
        {"CHN-008 length and capacity are told", length_and_capacity_are_told},
    });
}

void tst_chan::servesInOrder_data() {
    rules({
        {"CHN-002 values keep their order", values_keep_their_order},
        {"CHN-002 each value goes to one receiver", each_value_goes_to_one_receiver},
        {"CHN-003 receivers: first come, first served", waiting_receivers_are_served_first_come_first_served},
        {"CHN-003 senders: first come, first served", waiting_senders_are_served_first_come_first_served},
        {"CHN-003 one that left is passed over", one_that_left_is_passed_over},
    });
}

void tst_chan::isAValue_data() {
    rules({
        {"CHN-007 a nil channel is never ready", a_nil_channel_is_never_ready},
        {"CHN-007 a nil channel blocks for ever", a_nil_channel_blocks_for_ever},
        {"CHN-011 views are the same channel", views_are_the_same_channel},
        {"CHN-011 a view keeps the channel", a_view_keeps_the_channel},
        {"CHN-012 equal means identical", equal_means_identical},
        {"CHN-012 channels are keys", channels_are_keys},
    });
}

QTEST_APPLESS_MAIN(tst_chan)
#include "tst_chan.moc"
