// SPDX-License-Identifier: MIT
#pragma once

#include "cli/oracle_world.h"
#include "lab/object_reader.h"

#include <optional>
#include <string>
#include <string_view>

/// The operations of an oracle script. Each reads its members, does its work on the library, and gives the
/// result as JSON text.
namespace cli {

class oracle_ops {
  public:
    explicit oracle_ops(oracle_world& w) : world_(w) {}

    /// The member `r` of the result line. Throws lab::field_error about a member of `op`.
    std::string run(const std::string& name, lab::object_reader& op);

  private:
    using operation = std::string (oracle_ops::*)(const std::string& name, lab::object_reader& op);
    static operation find(const std::string& name);

    std::string root(const std::string& name, lab::object_reader& op);
    std::string with_cancel(const std::string& name, lab::object_reader& op);
    std::string with_deadline(const std::string& name, lab::object_reader& op);
    std::string with_value(const std::string& name, lab::object_reader& op);
    std::string without_cancel(const std::string& name, lab::object_reader& op);
    std::string custom(const std::string& name, lab::object_reader& op);

    std::string cancel(const std::string& name, lab::object_reader& op);
    std::string cancel_concurrent(const std::string& name, lab::object_reader& op);
    std::string after_func(const std::string& name, lab::object_reader& op);
    std::string stop(const std::string& name, lab::object_reader& op);
    std::string advance(const std::string& name, lab::object_reader& op);

    std::string err(const std::string& name, lab::object_reader& op);
    std::string err_is(const std::string& name, lab::object_reader& op);
    std::string done(const std::string& name, lab::object_reader& op);
    std::string same_done(const std::string& name, lab::object_reader& op);
    std::string deadline(const std::string& name, lab::object_reader& op);
    std::string value(const std::string& name, lab::object_reader& op);
    std::string string(const std::string& name, lab::object_reader& op);
    std::string children(const std::string& name, lab::object_reader& op);
    std::string registered(const std::string& name, lab::object_reader& op);
    std::string watchers(const std::string& name, lab::object_reader& op);
    std::string now(const std::string& name, lab::object_reader& op);

    /// An id that nothing has yet.
    std::string new_id(lab::object_reader& op) const;
    oracle_context& known(lab::object_reader& op, std::string_view member = "id") const;
    oracle_context& known_as(const std::string& id, const std::string& member) const;
    oracle_context& cancelable(const std::string& id, const std::string& member) const;
    /// Null for a nil Context.
    oracle_context* parent(lab::object_reader& op) const;
    ctx::any_key key(lab::object_reader& op);

    /// Makes a context and remembers it; `make` gets the parent's handle and may throw what Go panics with.
    template <class Make>
    std::string derive(lab::object_reader& op, origin from, Make make);
    std::string cancelled(std::span<const oracle_context* const> them) const;

    oracle_world& world_;
};

} // namespace cli
