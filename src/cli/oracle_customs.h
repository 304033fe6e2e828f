// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/scheduler.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The context types of Go's oracle program, written again on ctx::custom_context.
namespace cli {

enum class custom_kind {
    embed,
    named,
    nil_done,
    no_value,
    fresh_done,
    foreign,
    own_done,
    forward,
    after_funcer,
    embed_after
};

inline constexpr std::array<std::string_view, 10> custom_kind_names = {
    "embed",   "named",   "nilDone", "noValue",     "freshDone",
    "foreign", "ownDone", "forward", "afterFuncer", "embedAfter"};

/// Does it stand on a parent? The others may have a deadline of their own instead.
constexpr bool has_parent(custom_kind k) {
    return k != custom_kind::foreign && k != custom_kind::after_funcer;
}

class oracle_custom : public ctx::custom_context {
  public:
    virtual bool cancelable() const { return false; }
    virtual void cancel(const ctx::error& /*err*/) {}
    /// Callbacks registered through its AfterFunc method; empty if it has none.
    virtual std::optional<std::size_t> registered() const { return std::nullopt; }
};

struct custom_parts {
    std::optional<ctx::context> parent;
    std::optional<ctx::time_point> at;
    std::string name;
    ctx::scheduler* scheduler = nullptr; ///< runs the callbacks of an afterFuncer
};

std::shared_ptr<oracle_custom> make_custom(custom_kind k, custom_parts parts);

} // namespace cli
