// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <QString>

#include <chrono>
#include <optional>

/// How a context was, or would be, derived: what an expression in code is written from.
struct Derivation {
    lab::context_kind kind = lab::context_kind::with_cancel;
    bool underRoot = false;                         ///< the parent is Background
    std::optional<std::chrono::nanoseconds> length; ///< from now to the deadline
    QString key, value, cause;

    static Derivation of(const lab::context_info& context, const lab::state& state);
};

enum class Language { Go, Cpp };

/// `ctx, cancel := context.WithTimeout(parent, 2*time.Second)` or `auto [c, cancel] =
/// ctx::with_timeout(parent, 2s);`
QString expression(const Derivation& derivation, Language language);
