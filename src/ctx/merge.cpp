// SPDX-License-Identifier: MIT
#include "ctx/merge.h"

#include "ctx/detail/forwarding.h"
#include "ctx/detail/tree.h"

#include <algorithm>

namespace ctx {
namespace {

std::optional<time_point> earlier_deadline(const context& a, const context& b) {
    const auto first = a.deadline();
    const auto second = clock_of(a) == clock_of(b) ? b.deadline() : std::nullopt;
    if (first && second) return std::min(*first, *second);
    return first ? first : second;
}

class merged final : public detail::forwarding {
  public:
    merged(context inner, context a, context b)
        : forwarding(std::move(inner)), a_(std::move(a)), b_(std::move(b)),
          deadline_(earlier_deadline(a_, b_)) {}
    /// No timer of its own: the one that comes first ends a_ or b_, and decides err and cause with it.
    std::optional<time_point> deadline() const override { return deadline_; }
    std::string string() const override { return "ctx.merge(" + a_.string() + ", " + b_.string() + ")"; }

  private:
    const context a_, b_;
    const std::optional<time_point> deadline_;
};

} // namespace

cause_cancelable merge(const context& a, const context& b, call_site where) {
    const cause_cancelable inner = with_cancel_cause(a, where);
    detail::node_access::get(inner.context)->as_cancel()->join(b);
    return {context(std::make_shared<merged>(inner.context, a, b), a, where), inner.cancel};
}

} // namespace ctx
