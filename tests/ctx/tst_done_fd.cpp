// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <unistd.h>

/// A descriptor that tells a poll loop that a context is done.
class tst_done_fd : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;

namespace {

bool readable(int fd, int wait_ms = 0) {
    pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&p, 1, wait_ms) == 1 && p.revents == POLLIN;
}

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) != -1;
}

void it_is_readable_when_the_cancel_returns() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::done_fd ended(c.context);
    QVERIFY(!readable(ended.get()));
    c.cancel();
    QVERIFY(readable(ended.get()));
    QVERIFY(readable(ended.get())); // for ever
    QVERIFY(w.steps.idle());        // nothing was asked of the scheduler
}

void it_is_readable_at_once_for_a_done_context() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    c.cancel();
    QVERIFY(readable(ctx::done_fd(c.context).get()));
}

void it_is_never_readable_for_background() {
    const ctx::done_fd never(ctx::background());
    QVERIFY(is_open(never.get()) && !readable(never.get()));
}

void a_deadline_makes_it_readable() {
    world w;
    const auto c = ctx::with_timeout(w.root, 5s);
    const ctx::done_fd ended(ctx::with_value(c.context, ctx::any_key(1), ctx::any_value(2)));
    w.advance(4999ms);
    QVERIFY(!readable(ended.get()));
    w.advance(1ms);
    QVERIFY(readable(ended.get()));
}

void a_foreign_context_makes_it_readable() {
    world w;
    const auto f = std::make_shared<foreign>();
    const ctx::done_fd ended(ctx::context(f, w.root));
    QVERIFY(!readable(ended.get()));
    f->cancel();
    QVERIFY(readable(ended.get()));
}

void dropped_early_it_leaves_nothing() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    int fd = -1;
    {
        const ctx::done_fd ended(c.context);
        fd = ended.get();
        QVERIFY(is_open(fd));
    }
    QVERIFY(!is_open(fd));
    c.cancel();
}

void it_keeps_its_context_alive() {
    world w;
    auto c = std::optional(ctx::with_cancel(w.root));
    {
        const ctx::done_fd ended(c->context);
        c.reset();
        QCOMPARE(w.live(), 1L);
    }
    QCOMPARE(w.live(), 0L);
}

void a_moved_one_goes_on_waiting() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root);
    ctx::done_fd first(a.context);
    const int fd = first.get();
    ctx::done_fd second(std::move(first));
    QCOMPARE(second.get(), fd);
    QCOMPARE(first.get(), -1);
    a.cancel();
    QVERIFY(readable(second.get()));
    second = ctx::done_fd(b.context);
    QVERIFY(!readable(second.get()));
    b.cancel();
    QVERIFY(readable(second.get()));
}

void an_epoll_loop_sleeps_until_a_thread_cancels() {
    const auto c = ctx::with_cancel_cause(ctx::background());
    const ctx::done_fd ended(c.context);
    const int loop = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event want{.events = EPOLLIN, .data = {.u64 = 7}}, got{};
    QCOMPARE(::epoll_ctl(loop, EPOLL_CTL_ADD, ended.get(), &want), 0);
    const ctx::error boom("boom");
    std::jthread other([&] { c.cancel(boom); });
    QCOMPARE(::epoll_wait(loop, &got, 1, 10'000), 1);
    QCOMPARE(got.data.u64, 7u);
    QCOMPARE(ctx::cause(c.context), boom);
    ::close(loop);
}

void dropping_it_while_the_context_ends_is_safe() {
    const int before = ::dup(0); // the lowest number that is free
    ::close(before);
    for (int i = 0; i < scaled(2000); ++i) {
        const auto c = ctx::with_cancel(ctx::background());
        auto ended = std::make_optional<ctx::done_fd>(c.context);
        std::jthread other([&] { c.cancel(); });
        ended.reset();
    }
    const int after = ::dup(0);
    ::close(after);
    QCOMPARE(after, before);
}

void without_a_descriptor_it_says_so() {
    rlimit was{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &was), 0);
    rlimit none{.rlim_cur = 0, .rlim_max = was.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    std::error_code code;
    QString text;
    try {
        const ctx::done_fd ended(ctx::background());
    } catch (const std::system_error& e) {
        code = e.code();
        text = QString::fromUtf8(e.what());
    }
    ::setrlimit(RLIMIT_NOFILE, &was);
    QCOMPARE(code, std::errc::too_many_files_open);
    QVERIFY2(text.startsWith("ctx::done_fd: eventfd"), qPrintable(text));
}

} // namespace

void tst_done_fd::holds_data() {
    rules({
        {"CTX-008 it is readable when the cancel returns", it_is_readable_when_the_cancel_returns},
        {"CTX-036 it is readable at once for a done context", it_is_readable_at_once_for_a_done_context},
        {"CTX-020 it is never readable for Background", it_is_never_readable_for_background},
        {"CTX-080 a deadline makes it readable", a_deadline_makes_it_readable},
        {"CTX-160 a foreign context makes it readable", a_foreign_context_makes_it_readable},
        {"CTX-300 dropped early it leaves nothing", dropped_early_it_leaves_nothing},
        {"CTX-302 it keeps its context alive", it_keeps_its_context_alive},
        {"CTX-300 a moved one goes on waiting", a_moved_one_goes_on_waiting},
        {"CTX-195 an epoll loop sleeps until a thread cancels", an_epoll_loop_sleeps_until_a_thread_cancels},
        {"CTX-197 dropping it while the context ends is safe", dropping_it_while_the_context_ends_is_safe},
        {"CTX-300 without a descriptor it says so", without_a_descriptor_it_says_so},
    });
}

QTEST_APPLESS_MAIN(tst_done_fd)
#include "tst_done_fd.moc"
