// SPDX-License-Identifier: MIT
#include "cli/oracle_keys.h"

#include "cli/oracle_text.h"
#include "lab/json_text.h"
#include "lab/object_reader.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace cli {

namespace {

struct key_a {
    std::string text;
    bool operator==(const key_a&) const = default;
};
struct key_b {
    std::string text;
    bool operator==(const key_b&) const = default;
};
struct go_int {
    std::int64_t number;
    bool operator==(const go_int&) const = default;
};
struct key_int {
    std::int64_t number;
    bool operator==(const key_int&) const = default;
};
struct pointer_key {
    std::shared_ptr<const pointee> to;
    bool operator==(const pointer_key&) const = default;
};
/// No equality, as Go's slices.
struct byte_slice {
    std::string bytes;
};
struct stringer {
    std::string text;
};

constexpr std::array<std::string_view, 9> key_types = {"string", "A",      "B",   "int",  "keyInt",
                                                       "ptr",    "newptr", "nil", "slice"};
constexpr std::array<std::string_view, 4> value_types = {"string", "int", "stringer", "nil"};

} // namespace

} // namespace cli

template <>
struct ctx::type_traits<cli::key_a> {
    static constexpr std::string_view name = "main.keyA";
};
template <>
struct ctx::type_traits<cli::key_b> {
    static std::string string(const cli::key_b& k) { return "B(" + k.text + ")"; }
};
template <>
struct ctx::type_traits<cli::go_int> {
    static constexpr std::string_view name = "int";
};
template <>
struct ctx::type_traits<cli::key_int> {
    static constexpr std::string_view name = "main.keyInt";
};
template <>
struct ctx::type_traits<cli::pointer_key> {
    static constexpr std::string_view name = "*main.ptrKey";
};
template <>
struct ctx::type_traits<cli::byte_slice> {
    static constexpr std::string_view name = "[]uint8";
};
template <>
struct ctx::type_traits<cli::stringer> {
    static std::string string(const cli::stringer& v) { return "<" + v.text + ">"; }
};

namespace cli {

namespace {

/// What Go's strconv.Atoi accepts.
std::int64_t number(const std::string& text, const char* member) {
    const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    const char* const begin = text.data() + (plus ? 1 : 0);
    const char* const end = text.data() + text.size();
    std::int64_t n = 0;
    if (const auto [stop, error] = std::from_chars(begin, end, n); error != std::errc{} || stop != end)
        throw lab::field_error(member, lab::shown(text) + ": expected a whole number of 64 bits");
    return n;
}

} // namespace

bool key_has_text(std::string_view type) {
    return type != "nil";
}

ctx::any_key oracle_keys::key(const std::string& type, const std::string& text) {
    if (type == "string") return ctx::any_key(text);
    if (type == "A") return ctx::any_key(key_a{text});
    if (type == "B") return ctx::any_key(key_b{text});
    if (type == "int") return ctx::any_key(go_int{number(text, "key")});
    if (type == "keyInt") return ctx::any_key(key_int{number(text, "key")});
    if (type == "newptr") return ctx::any_key(pointer_key{std::make_shared<const pointee>()});
    if (type == "nil") return ctx::any_key();
    if (type == "slice") return ctx::any_key::unchecked(byte_slice{text});
    if (type != "ptr")
        throw lab::field_error("keyType", lab::shown(type) + ": " + lab::expected_one_of(key_types, type));
    auto& same = pointers_[text];
    if (!same) same = std::make_shared<const pointee>();
    return ctx::any_key(pointer_key{same});
}

ctx::any_value oracle_value(const std::string& type, const std::string& text) {
    if (type == "string") return ctx::any_value(text);
    if (type == "int") return ctx::any_value(go_int{number(text, "val")});
    if (type == "stringer") return ctx::any_value(stringer{text});
    if (type == "nil") return ctx::any_value();
    throw lab::field_error("valType", lab::shown(type) + ": " + lab::expected_one_of(value_types, type));
}

std::string value_result(const ctx::any_value& v) {
    if (const auto* text = v.as<std::string>()) return json_string("string:" + *text);
    if (const auto* n = v.as<go_int>()) return json_string("int:" + std::to_string(n->number));
    if (const auto* s = v.as<stringer>()) return json_string("stringer:" + s->text);
    return "null";
}

} // namespace cli
