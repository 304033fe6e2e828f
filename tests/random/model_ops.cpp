// SPDX-License-Identifier: MIT
#include "random/model.h"

#include <algorithm>
#include <array>

/// The ops of a script.
namespace scripts {

namespace {

std::size_t at(int n) {
    return static_cast<std::size_t>(n);
}

const fault exceeded{true, "context deadline exceeded", false, true};

fault described(const std::optional<error_text>& e) {
    if (!e) return {};
    const std::string word = e->is ? *e->is : e->wrap.value_or("");
    fault f{true, e->text.value_or(""), word == "canceled", word == "deadline"};
    const std::string sentinel = word == "deadline"   ? "context deadline exceeded"
                                 : word == "canceled" ? "context canceled"
                                                      : "";
    if (e->is) f.text = sentinel;
    if (e->wrap) f.text += ": " + sentinel;
    return f;
}

std::string panic(const char* text) {
    return "{\"panic\":" + quoted(text) + "}";
}

} // namespace

int model::find(const std::optional<std::string>& id) const {
    for (std::size_t i = 0; id && i < contexts_.size(); ++i)
        if (contexts_[i].id == *id) return static_cast<int>(i);
    throw invalid("unknown id " + id.value_or("(none)"));
}

void model::require_new(const op& o) const {
    if (!o.id || o.id->empty()) throw invalid("no id");
    const auto same = [&](const auto& known) { return known.first == *o.id; };
    if (std::any_of(stops_.begin(), stops_.end(), same)) throw invalid("id used twice");
    for (const context& c : contexts_)
        if (c.id == *o.id) throw invalid("id used twice");
}

int model::cancelable(const std::optional<std::string>& id) const {
    constexpr std::array customs = {sort::foreign, sort::own_done, sort::forward, sort::after_funcer};
    const int c = find(id);
    const context& it = contexts_[at(c)];
    if (it.own < 0 && std::find(customs.begin(), customs.end(), it.kind) == customs.end())
        throw invalid("no cancel function");
    return c;
}

void model::with_deadline(context& c, int n, const op& o) {
    const std::int64_t when = o.name.starts_with("withTimeout") ? now_ + o.ms.value() : o.at.value();
    const auto above = deadline_of(c.parent);
    if (above && *above < when) return connect(n); // just a WithCancel
    c.at = when;
    connect(n);
    node& it = nodes_[at(n)];
    const fault cause = described(o.cause);
    if (when > now_) {
        it.timer = when;
        it.timer_cause = cause;
    } else if (!it.err.there) {
        task none;
        cancel_now(n, exceeded, cause.there ? cause : exceeded, none);
    }
}

std::string model::make(const op& o) {
    require_new(o);
    context c{.id = *o.id};
    if (o.name == "todo") c.kind = sort::todo;
    if (o.name == "withoutCancel") c.kind = sort::without_cancel;
    if (o.name != "background" && o.name != "todo") {
        if (!o.parent) return panic("cannot create context from nil parent");
        c.parent = find(o.parent);
    }
    if (o.name == "withValue") {
        c.key_type = o.key_type.value();
        if (c.key_type == "nil") return panic("nil key");
        if (c.key_type == "slice") return panic("key is not comparable");
        c.kind = sort::value;
        c.key = o.key.value_or("");
        c.val_type = o.val_type.value_or("string");
        c.val = o.val.value_or("");
    }
    const bool timed = o.name.starts_with("withDeadline") || o.name.starts_with("withTimeout");
    if (timed || o.name.starts_with("withCancel")) {
        c.kind = sort::node;
        c.own = new_node(c.parent);
        c.takes_cause = o.name == "withCancelCause";
        if (timed)
            with_deadline(c, c.own, o);
        else
            connect(c.own);
    }
    contexts_.push_back(std::move(c));
    return err_of(static_cast<int>(contexts_.size()) - 1).there ? "\"done\"" : "\"open\"";
}

std::string model::make_custom(const op& o) {
    require_new(o);
    const auto known = std::find(custom_sorts.begin(), custom_sorts.end(), o.kind.value());
    if (known == custom_sorts.end()) throw invalid("unknown kind");
    context c{.id = *o.id};
    c.kind = static_cast<sort>(known - custom_sorts.begin() + static_cast<int>(sort::embed));
    if (c.kind == sort::foreign || c.kind == sort::after_funcer)
        c.at = o.at;
    else
        c.parent = find(o.parent);
    c.name = o.label.value_or("");
    contexts_.push_back(std::move(c));
    const int made = static_cast<int>(contexts_.size()) - 1;
    if (o.kind == "forward") {
        const int registration = new_node(contexts_[at(made)].parent);
        contexts_[at(made)].forwarding = registration;
        nodes_[at(registration)].registration = true;
        nodes_[at(registration)].forward = made;
        connect(registration);
    }
    return "\"ok\"";
}

std::string model::result(const op& o) {
    if (asks_only(o)) return ask(o);
    if (o.name == "custom") return make_custom(o);
    if (o.name == "cancel") {
        const int c = cancelable(o.id);
        tasks_.push_back({cancel_step(c, described(contexts_[at(c)].own >= 0 ? o.cause : o.err))});
    } else if (o.name == "cancelConcurrent") {
        for (const std::string& id : o.ids.value()) {
            tasks_.push_back({cancel_step(cancelable(id), {})});
            tasks_.push_back({cancel_step(cancelable(id), {})});
        }
    } else if (o.name == "afterFunc") {
        require_new(o);
        const int n = new_node(find(o.ctx));
        nodes_[at(n)].registration = true;
        nodes_[at(n)].report = *o.id;
        if (o.cancels) nodes_[at(n)].cancels = cancelable(o.cancels);
        stops_.emplace_back(*o.id, n);
        connect(n);
    } else if (o.name == "stop") {
        for (const auto& [id, registration] : stops_)
            if (id == o.id) return stop(registration) ? "true" : "false";
        throw invalid("unknown id");
    } else if (o.name == "advance") {
        advance(o.ms.value());
    } else {
        return make(o);
    }
    return "\"ok\"";
}

std::string model::run(const op& o) {
    if (o.name == "script") {
        *this = model(schedule_);
        return "{\"script\":" + quoted(o.label.value()) + "}";
    }
    std::string line = "{\"i\":" + std::to_string(lines_++) + ",\"op\":" + quoted(o.name) + ",\"r\":";
    line += result(o);
    settle();
    std::string done;
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
        if (contexts_[i].reported) continue;
        const fault& err = err_of(static_cast<int>(i));
        if (!err.there) continue;
        contexts_[i].reported = true;
        done += (done.empty() ? "" : ",") + ("{\"id\":" + quoted(contexts_[i].id)) +
                ",\"err\":" + quoted(err.text) + ",\"cause\":" + quoted(cause_of(static_cast<int>(i)).text) +
                "}";
    }
    if (!done.empty()) line += ",\"done\":[" + done + "]";
    std::sort(ran_.begin(), ran_.end());
    std::string ran;
    for (const std::string& id : ran_) ran += (ran.empty() ? "" : ",") + quoted(id);
    if (!ran.empty()) line += ",\"ran\":[" + ran + "]";
    ran_.clear();
    return line + "}";
}

std::vector<std::string> predict(const script& s, unsigned schedule) {
    model m(schedule);
    std::vector<std::string> lines;
    for (const op& o : s) lines.push_back(m.run(o));
    return lines;
}

} // namespace scripts
