// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"
#include "ctx/error.h"
#include "lab/object_reader.h"

#include <optional>
#include <string>
#include <string_view>

/// Members that several operations of an oracle script have in common.
namespace cli {

std::optional<std::string> text_if_there(lab::object_reader& op, std::string_view member);
/// Throws if it is missing.
std::string text_member(lab::object_reader& op, std::string_view member);
ctx::duration milliseconds_member(lab::object_reader& op, std::string_view member);
std::optional<ctx::duration> milliseconds_if_there(lab::object_reader& op, std::string_view member);
/// The empty error if it is missing or null.
ctx::error error_member(lab::object_reader& op, std::string_view member);

/// JSON text.
std::string shown_error(const ctx::error& e);
std::string shown_milliseconds(ctx::duration d);
std::string shown_bool(bool b);
std::string shown_list(const std::vector<std::string>& texts);

} // namespace cli
