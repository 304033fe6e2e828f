// SPDX-License-Identifier: MIT
#include "lab/command.h"
#include "lab/durations.h"

#include <algorithm>
#include <charconv>

namespace lab {

namespace {

using type = worker_field::type;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t day = 24 * 3600 * 1000 * millisecond;

worker_field duration_field(std::string name, std::string fallback, std::string help,
                            std::int64_t least = 0) {
    return {std::move(name), type::duration, std::move(fallback), std::move(help), least, day};
}

worker_field text_field(std::string name, std::string fallback, std::string help) {
    return {std::move(name), type::text, std::move(fallback), std::move(help), 1, 200};
}

worker_field integer_field(std::string name, std::string fallback, std::string help, std::int64_t least,
                           std::int64_t most) {
    return {std::move(name), type::integer, std::move(fallback), std::move(help), least, most};
}

worker_kind wait_kind() {
    return {"wait",
            "Waits until its context is done, and exits with the error's text as its reason.",
            R"(<-ctx.Done()
return ctx.Err())",
            {}};
}

worker_kind poller_kind() {
    return {"poller",
            "Polls something at a fixed interval until its context is done.",
            R"(ticker := time.NewTicker(every)
defer ticker.Stop()
for {
	select {
	case <-ticker.C:
		poll()
	case <-ctx.Done():
		return ctx.Err()
	}
})",
            {duration_field("every", "100ms", "time between two polls", 1)}};
}

worker_kind work_kind() {
    return {"work",
            "Does one piece of work that takes a while, and gives it up when its context is done.",
            R"(select {
case <-time.After(work):
	return nil
case <-ctx.Done():
	return ctx.Err()
})",
            {duration_field("for", "1s", "how long the work takes")}};
}

worker_kind operation_kind() {
    return {"operation",
            "Works for a while, then fails, and cancels its context with the failure as the cause.",
            R"(select {
case <-time.After(work):
	err := errors.New(fail)
	cancel(err)
	return err
case <-ctx.Done():
	return ctx.Err()
})",
            {duration_field("for", "100ms", "how long it works before it fails"),
             text_field("fail", "operation failed", "text of its error, and the cause of the cancellation")}};
}

worker_kind stubborn_kind() {
    return {"stubborn",
            "Never looks at its context: cancelling asks, it does not kill. Leaked while it outlives it.",
            R"(time.Sleep(work) // ctx is never asked
return nil)",
            {duration_field("for", "2s", "how long it goes on, whatever happens")}};
}

worker_kind cpu_kind() {
    return {"cpu",
            "Computes without blocking, and looks at Err between two slices.",
            R"(for elapsed < work {
	compute(slice)
	if ctx.Err() != nil {
		return ctx.Err()
	}
}
return nil)",
            {duration_field("for", "1s", "how long it computes altogether"),
             duration_field("check_every", "10ms", "how long a slice is", 1)}};
}

worker_kind producer_kind() {
    return {"producer",
            "Sends numbers on a named channel, and leaves when its context is done.",
            R"(for i := 0; i < count; i++ {
	select {
	case ch <- i:
	case <-ctx.Done():
		return ctx.Err()
	}
	// then waits for every, or Done
})",
            {text_field("channel", "jobs", "name of the channel; consumers of the same name receive from it"),
             integer_field("count", "10", "how many it sends", 0, 1'000'000),
             duration_field("every", "100ms", "time between two of them")}};
}

worker_kind consumer_kind() {
    return {"consumer",
            "Receives from a named channel, and leaves when its context is done.",
            R"(for i := 0; i < count; i++ {
	select {
	case v := <-ch:
		use(v)
	case <-ctx.Done():
		return ctx.Err()
	}
	// then waits for every, or Done
})",
            {text_field("channel", "jobs", "name of the channel; producers of the same name send on it"),
             integer_field("count", "10", "how many it receives", 0, 1'000'000),
             duration_field("every", "0s", "time it needs for one of them")}};
}

worker_kind pipeline_kind() {
    return {"pipeline",
            "Stages joined by channels; when the context is done, every stage leaves.",
            R"(for v := range in {
	select {
	case out <- step(v):
	case <-ctx.Done():
		return ctx.Err()
	}
})",
            {integer_field("stages", "3", "how many stages", 1, 100),
             integer_field("count", "10", "how many values go through", 0, 1'000'000)}};
}

worker_kind fanout_kind() {
    return {"fanout",
            "An errgroup: several workers at once, and the first failure cancels the others.",
            R"(g, ctx := errgroup.WithContext(ctx)
for i := range n {
	g.Go(func() error { return backend(ctx, i) })
}
return g.Wait())",
            {integer_field("n", "4", "how many workers", 1, 1000),
             duration_field("for", "1s", "how long each of them works"),
             integer_field("fail_index", "-1", "which one fails, from 0; -1: none", -1, 999),
             duration_field("fail_after", "100ms", "when that one fails")}};
}

/// Where `new_worker` keeps a field.
std::optional<std::chrono::nanoseconds>* duration_slot(new_worker& w, std::string_view field) {
    if (field == "every") return &w.every;
    if (field == "for") return &w.duration;
    if (field == "check_every") return &w.check_every;
    return field == "fail_after" ? &w.fail_after : nullptr;
}

std::optional<std::int64_t>* integer_slot(new_worker& w, std::string_view field) {
    if (field == "count") return &w.count;
    if (field == "stages") return &w.stages;
    if (field == "n") return &w.n;
    return field == "fail_index" ? &w.fail_index : nullptr;
}

std::string* text_slot(new_worker& w, std::string_view field) {
    if (field == "fail") return &w.fail;
    return field == "channel" ? &w.channel : nullptr;
}

std::string complete_duration(std::optional<std::chrono::nanoseconds>& slot, const worker_field& f) {
    if (!slot) slot = parse_duration(f.fallback);
    if (slot->count() >= f.least && slot->count() <= f.most) return {};
    return f.name + ": \"" + duration_text(*slot) + "\": expected " +
           (f.least > 0 ? "more than 0s, and at most " : "0s to ") +
           duration_text(std::chrono::nanoseconds(f.most));
}

std::string complete_integer(std::optional<std::int64_t>& slot, const worker_field& f) {
    if (!slot) {
        std::int64_t n = 0;
        std::from_chars(f.fallback.data(), f.fallback.data() + f.fallback.size(), n);
        slot = n;
    }
    if (*slot >= f.least && *slot <= f.most) return {};
    return f.name + ": " + std::to_string(*slot) + ": expected " + std::to_string(f.least) + " to " +
           std::to_string(f.most);
}

std::string complete_text(std::string& slot, const worker_field& f) {
    if (slot.empty()) slot = f.fallback;
    if (static_cast<std::int64_t>(slot.size()) <= f.most) return {};
    return f.name + ": " + std::to_string(slot.size()) + " bytes of text: expected at most " +
           std::to_string(f.most);
}

std::string complete_field(new_worker& w, const worker_field& f) {
    switch (f.kind) {
    case type::duration:
        return complete_duration(*duration_slot(w, f.name), f);
    case type::integer:
        return complete_integer(*integer_slot(w, f.name), f);
    default:
        return complete_text(*text_slot(w, f.name), f);
    }
}

} // namespace

const std::vector<worker_kind>& worker_kinds() {
    static const std::vector<worker_kind> kinds{
        wait_kind(), poller_kind(),   work_kind(),     operation_kind(), stubborn_kind(),
        cpu_kind(),  producer_kind(), consumer_kind(), pipeline_kind(),  fanout_kind(),
    };
    return kinds;
}

const worker_kind* find_worker_kind(std::string_view name) {
    const auto& kinds = worker_kinds();
    const auto it =
        std::find_if(kinds.begin(), kinds.end(), [&](const worker_kind& k) { return k.name == name; });
    return it == kinds.end() ? nullptr : &*it;
}

void set_field(new_worker& w, const worker_field& f, std::chrono::nanoseconds d) {
    *duration_slot(w, f.name) = d;
}
void set_field(new_worker& w, const worker_field& f, std::int64_t n) {
    *integer_slot(w, f.name) = n;
}
void set_field(new_worker& w, const worker_field& f, std::string text) {
    *text_slot(w, f.name) = std::move(text);
}

std::string complete(new_worker& w) {
    const worker_kind* kind = find_worker_kind(w.kind);
    if (!kind) {
        std::string known;
        for (const worker_kind& k : worker_kinds()) known += (known.empty() ? "" : ", ") + k.name;
        return "kind: \"" + w.kind + "\": expected one of " + known;
    }
    for (const worker_field& f : kind->fields) {
        if (std::string problem = complete_field(w, f); !problem.empty()) return problem;
    }
    if (w.kind == "fanout" && *w.fail_index >= *w.n) {
        return "fail_index: " + std::to_string(*w.fail_index) + ": expected -1 to " +
               std::to_string(*w.n - 1) + ", because n is " + std::to_string(*w.n);
    }
    return {};
}

} // namespace lab
