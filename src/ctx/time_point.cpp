// SPDX-License-Identifier: MIT
#include "ctx/time_point.h"

namespace ctx {

time_point saturating_add(time_point t, duration d) noexcept {
    duration::rep sum = 0;
    if (!__builtin_add_overflow(t.time_since_epoch().count(), d.count(), &sum))
        return time_point(duration(sum));
    return d.count() > 0 ? time_point::max() : time_point::min();
}

duration saturating_sub(time_point a, time_point b) noexcept {
    duration::rep difference = 0;
    if (!__builtin_sub_overflow(a.time_since_epoch().count(), b.time_since_epoch().count(), &difference))
        return duration(difference);
    return a > b ? duration::max() : duration::min();
}

} // namespace ctx
