// SPDX-License-Identifier: MIT
#include "cli/oracle_values.h"

#include "cli/oracle_text.h"
#include "lab/json_text.h"

#include <array>
#include <limits>

namespace cli {

namespace {

using limits = std::numeric_limits<std::int64_t>;

ctx::duration saturated(std::int64_t ms) {
    constexpr std::int64_t most = limits::max() / 1'000'000;
    if (ms > most) return ctx::duration::max();
    if (ms < -most) return ctx::duration::min();
    return std::chrono::milliseconds(ms);
}

ctx::error sentinel(lab::object_reader& description, std::string_view member) {
    static constexpr std::array<std::string_view, 2> words = {"canceled", "deadline"};
    const auto word = description.word(member, words);
    if (!word) return {};
    return *word == "canceled" ? ctx::canceled : ctx::deadline_exceeded;
}

ctx::error described(const nlohmann::json& description) {
    lab::object_reader r(description);
    const ctx::error is = sentinel(r, "is");
    const ctx::error inner = sentinel(r, "wrap");
    const std::optional<std::string> text = text_if_there(r, "text");
    r.refuse_unknown();
    if (is && !inner && !text) return is;
    if (!is && text) return inner ? ctx::wrap(*text, inner) : ctx::error(*text);
    throw lab::field_error("", "expected an error: {\"text\"}, {\"is\"}, or {\"wrap\",\"text\"}");
}

} // namespace

std::optional<std::string> text_if_there(lab::object_reader& op, std::string_view member) {
    return op.text(member, std::numeric_limits<std::size_t>::max());
}

std::string text_member(lab::object_reader& op, std::string_view member) {
    return lab::object_reader::required(text_if_there(op, member), member, "a text");
}

ctx::duration milliseconds_member(lab::object_reader& op, std::string_view member) {
    return lab::object_reader::required(milliseconds_if_there(op, member), member, "milliseconds");
}

std::optional<ctx::duration> milliseconds_if_there(lab::object_reader& op, std::string_view member) {
    const auto ms = op.integer(member, limits::min(), limits::max());
    if (!ms) return std::nullopt;
    return saturated(*ms);
}

ctx::error error_member(lab::object_reader& op, std::string_view member) {
    const nlohmann::json* description = op.allow(member);
    if (!description || description->is_null()) return {};
    try {
        return described(*description);
    } catch (const lab::field_error& e) {
        throw lab::field_error(std::string(member), e.what());
    }
}

std::string shown_error(const ctx::error& e) {
    return e ? json_string(e.text()) : std::string("null");
}

std::string shown_milliseconds(ctx::duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

std::string shown_bool(bool b) {
    return b ? "true" : "false";
}

std::string shown_list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) out += (out.size() > 1 ? "," : "") + json_string(text);
    return out += ']';
}

} // namespace cli
