// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

namespace ctx::detail {

/// A context that is another one under a name of its own. Its children are linked to the node behind it.
class forwarding : public custom_context {
  public:
    explicit forwarding(context inner) : inner_(std::move(inner)) {}
    std::optional<time_point> deadline() const override { return inner_.deadline(); }
    recv_chan<empty> done() const override { return inner_.done(); }
    error err() const override { return inner_.err(); }
    any_value value(const any_key& k) const override { return inner_.value(k); }

  protected:
    const context inner_;
};

} // namespace ctx::detail
