// SPDX-License-Identifier: MIT
#include "lab/code_cpp_parts.h"

#include <algorithm>
#include <iterator>

namespace lab::cpp_parts {
namespace {

constexpr std::string_view wait = R"cpp(
/// Does nothing until its context is done.
reason wait(ctx::context c) {
    co_await ctx::select(ctx::recv(c.done()));
    co_return c.err().text();
}
)cpp";

constexpr std::string_view poller = R"cpp(
/// Looks at something again and again, until its context is done.
reason poller(ctx::context c, ctx::duration every) {
    const ctx::ticker ticker(every);
    for (;;) {
        const std::size_t first = co_await ctx::select(ctx::recv(ticker.channel()), ctx::recv(c.done()));
        if (first == 1) co_return c.err().text();
        // here it would look
    }
}
)cpp";

constexpr std::string_view work = R"cpp(
/// Takes its time, and gives up when its context is done.
reason work(ctx::context c, ctx::duration takes) {
    const ctx::timer timer(takes);
    const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    co_return first == 0 ? "finished" : c.err().text();
}
)cpp";

constexpr std::string_view operation = R"cpp(
/// Fails after a while, and cancels its context with the failure as the cause.
reason operation(ctx::context c, std::function<void(ctx::error)> cancel, ctx::duration takes, std::string fail) {
    const ctx::timer timer(takes);
    const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    if (first == 1) co_return c.err().text();
    cancel(ctx::error(fail));
    co_return "failed: " + fail;
}
)cpp";

constexpr std::string_view stubborn = R"cpp(
/// Never looks at a context: cancelling asks, it does not kill.
reason stubborn(ctx::duration takes) {
    const ctx::timer timer(takes);
    co_await ctx::select(ctx::recv(timer.channel()));
    co_return "finished";
}
)cpp";

constexpr std::string_view cpu = R"cpp(
/// Computes, and asks for err() between two slices. (A slice is a timer here, so that virtual time can pass.)
reason cpu(ctx::context c, ctx::duration takes, ctx::duration slice) {
    for (ctx::duration left = takes; left > 0s; left -= slice) {
        const ctx::timer timer(std::min(left, slice));
        co_await ctx::select(ctx::recv(timer.channel()));
        if (c.err()) co_return c.err().text();
    }
    co_return "finished";
}
)cpp";

constexpr std::string_view producer = R"cpp(
/// Sends numbers, and leaves when its context is done.
reason producer(ctx::context c, ctx::chan<int> out, int count, ctx::duration every) {
    for (int i = 0; i < count; ++i) {
        const std::size_t first = co_await ctx::select(ctx::send(out, i), ctx::recv(c.done()));
        if (first == 1) co_return c.err().text();
        const bool goes_on = co_await pause(c, every);
        if (!goes_on) co_return c.err().text();
    }
    co_return "sent " + std::to_string(count);
}
)cpp";

constexpr std::string_view consumer = R"cpp(
/// Receives numbers, and leaves when its context is done.
reason consumer(ctx::context c, ctx::chan<int> in, int count, ctx::duration every) {
    for (int i = 0; i < count; ++i) {
        const std::size_t first = co_await ctx::select(ctx::recv(in), ctx::recv(c.done()));
        if (first == 1) co_return c.err().text();
        const bool goes_on = co_await pause(c, every);
        if (!goes_on) co_return c.err().text();
    }
    co_return "received " + std::to_string(count);
}
)cpp";

constexpr std::string_view pipeline = R"cpp(
/// Hands on what comes in, or, the first one, so many numbers of its own.
reason hand_on(ctx::context c, ctx::recv_chan<int> in, ctx::chan<int> out, int count) {
    for (int handled = 0;; ++handled) {
        int v = handled;
        bool more = handled < count;
        if (in) {
            const std::size_t first = co_await ctx::select(ctx::recv(in, v, more), ctx::recv(c.done()));
            if (first == 1) co_return c.err().text();
        }
        if (!more) co_return "passed " + std::to_string(handled) + " on";
        if (!out) continue;
        const std::size_t first = co_await ctx::select(ctx::send(out, v), ctx::recv(c.done()));
        if (first == 1) co_return c.err().text();
    }
}

/// Closes its output when it leaves, whatever the reason.
reason stage(ctx::context c, ctx::recv_chan<int> in, ctx::chan<int> out, int count) {
    const std::string why = co_await hand_on(c, in, out, count);
    if (out) out.close();
    co_return why;
}

/// Starts stages that are joined by channels; the first one sends so many numbers.
void pipeline(const ctx::context& c, const std::string& name, int stages, int count) {
    ctx::recv_chan<int> in;
    for (int i = 1; i <= stages; ++i) {
        ctx::chan<int> out; // the last stage has none
        if (i < stages) out = ctx::chan<int>(0);
        start(name + " stage " + std::to_string(i), stage(c, in, out, count));
        in = out;
    }
}
)cpp";

constexpr std::string_view fanout = R"cpp(
/// One of a group.
ctx::task<ctx::error> backend(ctx::context c, std::string name, bool fails, ctx::duration takes) {
    const ctx::timer timer(takes);
    const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    ctx::error e;
    if (first == 1)
        e = c.err();
    else if (fails)
        e = ctx::error(name + " failed");
    say("worker \"" + name + "\": " + (first == 1 ? e.text() : fails ? "failed: " + e.text() : "finished"));
    co_return e;
}

/// Runs n workers at once in an errgroup: the first failure cancels the others.
reason fanout(ctx::context c, std::string name, int n, int fail_index, ctx::duration takes, ctx::duration fail_after) {
    const auto made = ctx::err_group::with_context(c, *scheduler);
    for (int i = 0; i < n; ++i) {
        const bool fails = i == fail_index;
        made.group.go(backend, made.context, name + " " + std::to_string(i), fails, fails ? fail_after : takes);
    }
    const ctx::error first = co_await made.group.waiting();
    report(name + " group", made.context);
    if (c.err()) co_return c.err().text();
    co_return first ? "failed: " + first.text() : "finished";
}
)cpp";

struct named {
    std::string_view name, text;
};

constexpr named all[] = {{"wait", wait},           {"poller", poller},     {"work", work},
                         {"operation", operation}, {"stubborn", stubborn}, {"cpu", cpu},
                         {"producer", producer},   {"consumer", consumer}, {"pipeline", pipeline},
                         {"fanout", fanout}};

} // namespace

std::string_view worker(std::string_view kind) {
    const auto at =
        std::find_if(std::begin(all), std::end(all), [&](const named& n) { return n.name == kind; });
    return at == std::end(all) ? std::string_view{} : at->text;
}

} // namespace lab::cpp_parts
