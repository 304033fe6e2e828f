// SPDX-License-Identifier: MIT
#include "lab/event_hash.h"

#include "lab/event_members.h"

#include <bit>
#include <utility>
#include <variant>

namespace lab {
namespace {

std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
    h ^= v + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
    h = (h ^ (h >> 32)) * 0xD6E8FEB86659FD93u;
    return h ^ (h >> 32);
}

std::uint64_t mix(std::uint64_t h, const std::string& text) {
    h = mix(h, text.size());
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        word = word << 8 | static_cast<unsigned char>(text[i]);
        if (i % 8 == 7) h = mix(h, std::exchange(word, 0));
    }
    return mix(h, word);
}

std::uint64_t mix(std::uint64_t h, const std::vector<id_t>& ids) {
    h = mix(h, ids.size());
    for (const id_t id : ids) h = mix(h, id);
    return h;
}

template <class T>
std::uint64_t mix_member(std::uint64_t h, const T& v) {
    if constexpr (std::is_same_v<T, std::optional<lab_time>>)
        return mix(mix(h, std::uint64_t{v.has_value()}),
                   static_cast<std::uint64_t>(v.value_or(lab_time{}).count()));
    else if constexpr (std::is_same_v<T, double>)
        return mix(h, std::bit_cast<std::uint64_t>(v));
    else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
        return mix(h, static_cast<std::uint64_t>(v));
    else
        return mix(h, v);
}

bool is_pace(const event_member& m) {
    const auto* at = std::get_if<double event::*>(&m.at);
    return at && *at == &event::speed;
}

} // namespace

std::uint64_t event_hash(const event& e) {
    std::uint64_t h = mix(static_cast<std::uint64_t>(e.kind), static_cast<std::uint64_t>(e.at.count()));
    for (const event_member& m : members_of(e.kind))
        if (!is_pace(m)) h = std::visit([&](auto at) { return mix_member(h, e.*at); }, m.at);
    return h;
}

void running_hash::add(const event& e) {
    value_ = mix(value_, event_hash(e));
}

std::vector<std::uint64_t> running_hashes(const log_view& events) {
    std::vector<std::uint64_t> all;
    all.reserve(events.size());
    running_hash h;
    for (std::uint64_t seq = events.first(); seq <= events.last(); ++seq) {
        h.add(events[seq]);
        all.push_back(h.value());
    }
    return all;
}

} // namespace lab
