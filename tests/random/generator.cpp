// SPDX-License-Identifier: MIT
#include "random/generator.h"

#include "random/model.h"
#include "random/pool.h"

#include <algorithm>
#include <array>
#include <limits>

namespace scripts {

namespace {

constexpr std::array<const char*, 10> kinds = {"embed",   "named",   "nilDone", "noValue",     "freshDone",
                                               "foreign", "ownDone", "forward", "afterFuncer", "embedAfter"};
constexpr std::array<const char*, 9> key_types = {"string", "A",      "B",   "int",  "keyInt",
                                                  "ptr",    "newptr", "nil", "slice"};

struct known {
    std::string id;
    std::string kind;
    bool cancelable = false, takes_cause = false, below_root = false;
    std::string shares_done_of; // empty: of nobody
};

class generator {
  public:
    explicit generator(std::uint64_t seed) : dice_(seed), seed_(seed) {}
    script grow();

  private:
    void step();
    void derive(const known& parent);
    void derive_with_deadline(const known& parent);
    void derive_value(const known& parent);
    void custom(const known& parent);
    void cancel();
    void cancel_concurrently();
    void after_func();
    void ask(const known& about);
    void panic();
    void chain();

    op& write(const char* name);
    op& make(const char* name, known k);
    void set_key(op& o);
    std::string id(char first);
    const known& any();
    const known* cancelable(bool below_root);
    std::string text() { return odd_ ? odd_text(dice_) : "t" + std::to_string(dice_.below(3)); }
    std::int64_t time();
    error_text reason();

    dice dice_;
    const std::uint64_t seed_;
    script out_;
    std::vector<known> contexts_;
    std::vector<std::string> stops_;
    int ids_ = 0;
    std::int64_t now_ = 0;   // as far as this keeps count
    bool odd_ = false;       // texts, ids, and the JSON itself are odd
    bool odd_times_ = false; // otherwise multiples of 10 ms, while the clock stands 5 ms past one
    bool callbacks_cancel_ = false;
    unsigned customs_ = 0; // of ten derivations
};

op& generator::write(const char* name) {
    op& o = out_.emplace_back();
    o.name = name;
    if (odd_) o.style = 1 + dice_.below(1'000'000);
    return o;
}

op& generator::make(const char* name, known k) {
    k.id = id('c');
    op& o = write(name);
    o.id = k.id;
    contexts_.push_back(std::move(k));
    return o;
}

std::string generator::id(char first) {
    return (odd_ && dice_.one_in(4) ? text() : "") + first + std::to_string(ids_++);
}

/// More often a young one.
const known& generator::any() {
    return contexts_[std::max(dice_.below(contexts_.size()), dice_.below(contexts_.size()))];
}

const known* generator::cancelable(bool below_root) {
    for (int i = 0; i < 20; ++i) {
        const known& k = any();
        if (k.cancelable && (!below_root || k.below_root)) return &k;
    }
    return nullptr;
}

std::int64_t generator::time() {
    if (odd_times_) return odd_milliseconds(dice_);
    return (now_ - 5) / 10 * 10 + dice_.between(-8, 50) * 10;
}

error_text generator::reason() {
    switch (dice_.below(6)) {
    case 0:
        return {{}, "canceled", {}};
    case 1:
        return {{}, "deadline", {}};
    case 2:
        return {text(), {}, "canceled"};
    case 3:
        return {text(), {}, "deadline"};
    default:
        return {text(), {}, {}};
    }
}

void generator::set_key(op& o) {
    o.key_type = dice_.pick(key_types);
    if (o.key_type == "nil" && dice_.one_in(2)) return;
    const bool number = o.key_type == "int" || o.key_type == "keyInt";
    o.key = number ? (odd_ ? odd_number(dice_) : std::to_string(dice_.below(3))) : text();
}

void generator::derive_with_deadline(const known& parent) {
    const bool timeout = dice_.one_in(2), cause = dice_.one_in(2);
    known k{.kind = "node", .cancelable = true, .below_root = parent.kind == "root"};
    op& o = make(timeout ? (cause ? "withTimeoutCause" : "withTimeout")
                         : (cause ? "withDeadlineCause" : "withDeadline"),
                 k);
    o.parent = parent.id;
    if (timeout)
        o.ms = odd_times_ ? odd_milliseconds(dice_) : time() - now_;
    else
        o.at = time();
    if (cause && !dice_.one_in(4)) o.cause = reason();
}

void generator::derive_value(const known& parent) {
    op o;
    do set_key(o);
    while (o.key_type == "nil" || o.key_type == "slice");
    op& made = make("withValue", {.kind = "value", .shares_done_of = parent.id});
    made.parent = parent.id;
    made.key_type = o.key_type;
    made.key = o.key;
    constexpr std::array<const char*, 4> types = {"string", "int", "stringer", "nil"};
    if (!dice_.one_in(4)) made.val_type = dice_.pick(types);
    if (made.val_type == "int")
        made.val = odd_number(dice_);
    else if (made.val_type != "nil" || dice_.one_in(3))
        made.val = text();
}

void generator::derive(const known& parent) {
    if (dice_.below(10) < customs_) return custom(parent);
    known k{.kind = "node", .cancelable = true, .below_root = parent.kind == "root"};
    switch (dice_.below(10)) {
    case 0:
    case 1:
    case 2:
        make("withCancel", k).parent = parent.id;
        return;
    case 3:
    case 4:
        k.takes_cause = true;
        make("withCancelCause", k).parent = parent.id;
        return;
    case 5:
    case 6:
        return derive_with_deadline(parent);
    case 7:
    case 8:
        return derive_value(parent);
    default:
        make("withoutCancel", {.kind = "withoutCancel"}).parent = parent.id;
    }
}

void generator::custom(const known& parent) {
    std::string kind = dice_.pick(kinds);
    // While callbacks cancel, the cause of a Done on top of another is often settled by who is first.
    if (callbacks_cancel_ && (kind == "ownDone" || kind == "forward") && !dice_.one_in(10)) kind = "embed";
    const bool roots = kind == "foreign" || kind == "afterFuncer";
    const bool views = kind == "embed" || kind == "named" || kind == "noValue" || kind == "embedAfter";
    op& o = make("custom", {.kind = kind,
                            .cancelable = roots || kind == "ownDone" || kind == "forward",
                            .shares_done_of = views ? parent.id : ""});
    o.kind = kind;
    if (!roots) o.parent = parent.id;
    if (roots && dice_.one_in(2)) o.at = time();
    if (kind == "named") o.label = text();
}

void generator::cancel() {
    const known* const c = cancelable(false);
    if (!c) return;
    op& o = write("cancel");
    o.id = c->id;
    if (c->takes_cause && !dice_.one_in(5)) o.cause = reason();
    if (c->kind != "node" && !dice_.one_in(3)) o.err = reason();
}

void generator::cancel_concurrently() {
    std::vector<std::string> ids;
    bool custom = false; // with two of them, or with others, who is first often settles a cause
    for (auto n = 1 + dice_.below(4); n > 0; --n) {
        const known* const c = cancelable(false);
        if (!c || (custom && !dice_.one_in(8))) break;
        custom = c->kind != "node";
        if (custom && !ids.empty() && !dice_.one_in(8)) break;
        ids.push_back(c->id);
    }
    if (!ids.empty()) write("cancelConcurrent").ids = std::move(ids);
}

void generator::after_func() {
    const std::string ctx = any().id;
    const known* const victim = callbacks_cancel_ && dice_.one_in(2) ? cancelable(!dice_.one_in(6)) : nullptr;
    op& o = write("afterFunc");
    o.id = id('f');
    o.ctx = ctx;
    if (victim) o.cancels = victim->id;
    stops_.push_back(*o.id);
}

void generator::panic() {
    constexpr std::array<const char*, 8> makers = {"withCancel",    "withCancelCause",   "withDeadline",
                                                   "withTimeout",   "withDeadlineCause", "withTimeoutCause",
                                                   "withoutCancel", "withValue"};
    const std::string name = dice_.pick(makers);
    op& o = write(name.c_str());
    o.id = "c" + std::to_string(ids_); // stays free for the next
    if (name.starts_with("withDeadline")) o.at = time();
    if (name.starts_with("withTimeout")) o.ms = time();
    if (name != "withValue") return;
    set_key(o);
    o.val = text();
    const bool good_key = o.key_type != "nil" && o.key_type != "slice";
    if (!good_key && dice_.one_in(2)) o.parent = any().id;
}

void generator::ask(const known& about) {
    constexpr std::array<const char*, 13> questions = {
        "err",    "cause",    "errIs", "causeIs",  "done",     "value",     "deadline",
        "string", "children", "now",   "watchers", "sameDone", "registered"};
    const std::string name = dice_.pick(questions);
    if (name == "registered" && about.kind != "afterFuncer" && about.kind != "embedAfter") return;
    op& o = write(name.c_str());
    if (name == "now" || name == "watchers") return;
    if (name == "sameDone") {
        o.a = about.id;
        o.b = about.shares_done_of.empty() || dice_.one_in(4) ? any().id : about.shares_done_of;
        return;
    }
    o.id = about.id;
    if (name == "value") set_key(o);
}

/// A long chain, or many children of one.
void generator::chain() {
    const bool deep = dice_.one_in(2);
    known at = any();
    for (auto n = 50 + dice_.below(150); n > 0; --n) {
        derive(at);
        if (deep) at = contexts_.back();
        if (dice_.one_in(30)) at = any();
    }
}

void generator::step() {
    const auto n = dice_.below(100);
    if (n < 42) {
        const known parent = any();
        derive(parent);
    } else if (n < 53) {
        cancel();
    } else if (n < 58) {
        cancel_concurrently();
    } else if (n < 68) {
        after_func();
    } else if (n < 72 && !stops_.empty()) {
        write("stop").id = dice_.pick(stops_);
    } else if (n < 79) {
        const std::int64_t ms =
            odd_times_ ? (dice_.one_in(9) ? 4'000'000'000 : dice_.between(0, 100)) : dice_.between(1, 6) * 10;
        now_ += ms;
        write("advance").ms = ms;
    } else if (n < 81) {
        panic();
    } else {
        ask(any());
    }
}

script generator::grow() {
    odd_ = dice_.one_in(3);
    odd_times_ = dice_.one_in(3);
    callbacks_cancel_ = dice_.one_in(2);
    customs_ = dice_.below(7);
    write("script").label = (odd_ ? text() : "") + "random-" + std::to_string(seed_);
    make("background", {.kind = "root"});
    if (dice_.one_in(3)) make("todo", {.kind = "root"});
    if (dice_.one_in(9)) make("background", {.kind = "root"});
    now_ = 5;
    write("advance").ms = now_;
    const auto steps = 5 + dice_.below(36);
    const auto chain_at = dice_.one_in(150) ? dice_.below(steps) : steps;
    for (unsigned i = 0; i < steps; ++i) {
        if (i == chain_at) chain();
        step();
    }
    keep_what_is_unique(out_);
    for (std::size_t i = out_.size(), n = 0; n < i;
         ++n) { // about every context that is left, one or two things
        const op made = out_[n];
        if (!made.id || made.name == "afterFunc") continue;
        const auto it =
            std::find_if(contexts_.begin(), contexts_.end(), [&](const known& k) { return k.id == made.id; });
        if (it == contexts_.end() || asks_only(made) || made.name == "cancel") continue;
        ask(*it);
        ask(*it);
    }
    keep_what_is_unique(out_);
    return std::move(out_);
}

/// The first op whose line is not the same under each of the model's schedules.
std::size_t first_unsettled(const script& s) {
    constexpr unsigned schedules = 6;
    std::vector<model> models;
    for (unsigned i = 0; i < schedules; ++i) models.emplace_back(i);
    for (std::size_t i = 0; i < s.size(); ++i) {
        try {
            const std::string line = models[0].run(s[i]);
            const auto differs = [&](model& m) { return m.run(s[i]) != line; };
            if (std::any_of(models.begin() + 1, models.end(), differs)) return i;
        } catch (const std::runtime_error&) { // not specified, or about a context that is not there any more
            return i;
        }
    }
    return s.size();
}

} // namespace

bool is_unique(const script& s) {
    return first_unsettled(s) == s.size();
}

void keep_what_is_unique(script& s) {
    for (;;) {
        const std::size_t i = first_unsettled(s);
        if (i == s.size()) return;
        const auto from = s.begin() + static_cast<std::ptrdiff_t>(i);
        s.erase(from, asks_only(s[i]) ? from + 1 : s.end());
    }
}

script generate(std::uint64_t seed) {
    return generator(seed).grow();
}

} // namespace scripts
