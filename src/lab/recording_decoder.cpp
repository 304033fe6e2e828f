// SPDX-License-Identifier: MIT
#include "lab/recording_decoder.h"

#include "lab/json_text.h"
#include "lab/life_json.h"
#include "lab/recording_layout.h"

#include <type_traits>

namespace lab {

namespace {

template <class E>
std::optional<E> parse(std::string_view word) {
    if constexpr (std::is_same_v<E, context_kind>)
        return parse_context_kind(word);
    else if constexpr (std::is_same_v<E, request_state>)
        return parse_request_state(word);
    else if constexpr (std::is_same_v<E, client_state>)
        return parse_client_state(word);
    else
        return parse_clock_mode(word);
}

block_summary read_summary(byte_reader& in) {
    block_summary s;
    s.first_seq = in.number();
    s.events = in.number();
    s.notes = in.number();
    if (s.events > most_events_per_block)
        throw bytes_error("a block of " + std::to_string(s.events) + " events is not possible");
    return s;
}

} // namespace

block_summary recording_decoder::summary(std::string_view payload) {
    byte_reader in(payload);
    return read_summary(in);
}

bool recording_decoder::read(std::string_view payload, recording_block& out) {
    in_ = byte_reader(payload);
    at_ = wall_ = 0;
    ids_.assign(schema_.id_places(), 0);
    texts_.clear();
    const block_summary s = read_summary(in_);
    out = {};
    std::uint64_t notes = 0;
    bool end = false;
    while (in_.left() > 0) {
        if (end) throw bytes_error("something follows the end");
        const std::uint64_t tag = in_.number();
        if (tag == end_tag) {
            end = true;
        } else if (tag == note_tag) {
            ++notes;
            read_life_record(text(), where_, out);
        } else if (tag < first_kind) {
            throw bytes_error("it holds a record of no kind");
        } else {
            if (out.events.size() == s.events) throw bytes_error("it holds more events than it says");
            event e = read_event(tag - first_kind);
            e.seq = s.first_seq + out.events.size();
            out.events.push_back(std::move(e));
        }
    }
    if (out.events.size() != s.events || notes != s.notes)
        throw bytes_error("it does not hold as much as it says");
    return end;
}

event recording_decoder::read_event(std::uint64_t kind) {
    if (kind >= schema_.kinds().size()) throw bytes_error("it holds an event of no kind");
    const recorded_kind& k = schema_.kinds()[static_cast<std::size_t>(kind)];
    event e;
    at_ = in_.after(at_);
    wall_ = in_.after(wall_);
    e.at = lab_time(static_cast<std::int64_t>(at_));
    e.wall_ns = static_cast<std::int64_t>(wall_);
    e.kind = k.known.value_or(event_kind::note);
    for (const recorded_member& m : k.members) m.known ? take(m, e) : pass(m);
    if (!k.known) e.text = "(an event of the kind " + k.name + ", which this version does not know)";
    return e;
}

void recording_decoder::take(const recorded_member& m, event& e) {
    std::visit(
        [&](auto at) {
            auto& v = e.*at;
            using type = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<type, id_t>) {
                v = ids_[m.slot] = in_.after(ids_[m.slot]);
            } else if constexpr (std::is_same_v<type, std::int64_t>) {
                v = in_.signed_number();
            } else if constexpr (std::is_same_v<type, double>) {
                v = in_.real();
            } else if constexpr (std::is_same_v<type, bool>) {
                v = flag();
            } else if constexpr (std::is_same_v<type, std::string>) {
                v = text();
            } else if constexpr (std::is_same_v<type, std::vector<id_t>>) {
                v.resize(in_.count());
                id_t before = 0;
                for (id_t& id : v) before = id = in_.after(before);
            } else if constexpr (std::is_same_v<type, std::optional<lab_time>>) {
                if (flag()) v = lab_time(static_cast<std::int64_t>(in_.after(at_)));
            } else {
                const std::string_view word = text();
                const auto value = parse<type>(word);
                if (!value)
                    throw bytes_error(m.name + ": " + shown(std::string(word)) +
                                      ": not a word of the format");
                v = *value;
            }
        },
        m.known->at);
}

void recording_decoder::pass(const recorded_member& m) {
    switch (m.type) {
    case wire_type::id:
        ids_[m.slot] = in_.after(ids_[m.slot]);
        break;
    case wire_type::integer:
        in_.number();
        break;
    case wire_type::real:
        in_.real();
        break;
    case wire_type::flag:
        flag();
        break;
    case wire_type::text:
    case wire_type::word:
        text();
        break;
    case wire_type::ids:
        for (std::size_t n = in_.count(); n > 0; --n) in_.number();
        break;
    case wire_type::time:
        if (flag()) in_.number();
        break;
    }
}

std::string_view recording_decoder::text() {
    const std::uint64_t n = in_.number();
    if (n == 0) return {};
    if ((n & 1) == 0) {
        if (n / 2 > texts_.size()) throw bytes_error("it refers to a text that is not there");
        return texts_[static_cast<std::size_t>(n / 2 - 1)];
    }
    const std::string_view t = in_.raw(n / 2);
    if (t.size() <= longest_shared_text) texts_.push_back(t);
    return t;
}

bool recording_decoder::flag() {
    const std::uint8_t b = in_.byte();
    if (b > 1) throw bytes_error("a flag is neither 0 nor 1");
    return b == 1;
}

} // namespace lab
