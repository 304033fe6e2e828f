// SPDX-License-Identifier: MIT
#include "lab/command_json.h"

#include "lab/json_text.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 9> makeable{
    "with_cancel",        "with_cancel_cause", "with_deadline",  "with_deadline_cause", "with_timeout",
    "with_timeout_cause", "with_value",        "without_cancel", "after_func",
};

void read_deadline(object_reader& r, new_context& c, const std::string& kind) {
    if (!takes_deadline(c.kind)) {
        r.forbid("timeout", "kind " + kind + " takes none");
        r.forbid("deadline_ms", "kind " + kind + " takes none");
        return;
    }
    c.timeout = r.duration("timeout");
    const bool by_time = c.kind == context_kind::with_deadline || c.kind == context_kind::with_deadline_cause;
    if (by_time) {
        c.at = r.milliseconds("deadline_ms", last_ms);
        if (c.at && c.timeout)
            throw field_error("deadline_ms", "there is a timeout as well: expected one of the two");
        if (!c.at && !c.timeout)
            object_reader::required(c.at, "deadline_ms", "laboratory time in milliseconds");
    } else {
        r.forbid("deadline_ms", "kind " + kind + " takes a timeout instead");
        object_reader::required(c.timeout, "timeout", "a duration such as \"2s\"");
    }
}

void read_cause(object_reader& r, new_context& c, const std::string& kind) {
    if (takes_deadline_cause(c.kind)) {
        c.cause = r.text("cause").value_or("");
    } else if (takes_cancel_cause(c.kind)) {
        r.forbid("cause", "kind " + kind + " takes its cause when it is cancelled, not when it is made");
    } else {
        r.forbid("cause", "kind " + kind + " takes none");
    }
}

void read_worker_field(object_reader& r, new_worker& w, const worker_field& f) {
    switch (f.kind) {
    case worker_field::type::duration:
        if (const auto d = r.duration(f.name)) {
            if (d->count() < 0) throw field_error(f.name, "negative: expected a duration from 0s");
            set_field(w, f, *d);
        }
        break;
    case worker_field::type::integer:
        if (const auto n = r.integer(f.name, f.least, f.most)) set_field(w, f, *n);
        break;
    case worker_field::type::text:
        if (auto t = r.name(f.name)) set_field(w, f, *std::move(t));
        break;
    }
}

void refuse_fields_of_other_kinds(object_reader& r, const worker_kind& kind) {
    for (const worker_kind& other : worker_kinds()) {
        for (const worker_field& f : other.fields) {
            const bool own = std::any_of(kind.fields.begin(), kind.fields.end(),
                                         [&](const worker_field& mine) { return mine.name == f.name; });
            if (!own) r.forbid(f.name, "a worker of kind " + kind.name + " takes none");
        }
    }
}

void check_path(const std::string& path) {
    const bool clean = std::all_of(path.begin(), path.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f && c != '#';
    });
    if (path.starts_with('/') && clean) return;
    throw field_error("path", shown(nlohmann::json(path)) + ": expected a path such as \"/process?work=2s\"");
}

} // namespace

new_context read_context(object_reader& r) {
    new_context c;
    const auto kind = object_reader::required(r.word("kind", makeable), "kind", "the kind of a context");
    c.kind = *parse_context_kind(kind);
    c.name = r.name("name").value_or("");
    read_deadline(r, c, kind);
    read_cause(r, c, kind);
    if (c.kind == context_kind::with_value) {
        c.key = object_reader::required(r.text("key"), "key", "a text");
        c.value = object_reader::required(r.text("value"), "value", "a text");
    } else {
        r.forbid("key", "kind " + kind + " takes none");
        r.forbid("value", "kind " + kind + " takes none");
    }
    return c;
}

new_worker read_worker(object_reader& r) {
    std::vector<std::string_view> names;
    for (const worker_kind& k : worker_kinds()) names.emplace_back(k.name);
    new_worker w;
    w.kind = object_reader::required(r.word("kind", names), "kind", "the kind of a worker");
    w.name = r.name("name").value_or("");
    const worker_kind& kind = *find_worker_kind(w.kind);
    for (const worker_field& f : kind.fields) read_worker_field(r, w, f);
    refuse_fields_of_other_kinds(r, kind);
    if (const std::string problem = complete(w); !problem.empty()) {
        const std::size_t colon = problem.find(": ");
        throw field_error(problem.substr(0, colon), problem.substr(colon + 2));
    }
    return w;
}

send_request read_request(object_reader& r) {
    static constexpr std::array<std::string_view, 7> methods{"GET",    "HEAD",  "POST",   "PUT",
                                                             "DELETE", "PATCH", "OPTIONS"};
    constexpr std::size_t longest_path = 4000;
    constexpr std::size_t longest_body = 1 << 20;
    send_request q;
    q.method = r.word("method", methods).value_or("GET");
    q.path =
        object_reader::required(r.text("path", longest_path), "path", "a path such as \"/process?work=2s\"");
    check_path(q.path);
    q.body = r.text("body", longest_body).value_or("");
    q.count = static_cast<int>(r.integer("count", 1, 1000).value_or(1));
    q.timeout = r.duration("timeout");
    if (q.timeout && q.timeout->count() <= 0)
        throw field_error("timeout", "expected a duration of more than 0s");
    q.abort_after = r.duration("abort_after");
    if (q.abort_after && q.abort_after->count() < 0)
        throw field_error("abort_after", "expected a duration from 0s");
    return q;
}

} // namespace lab
