// SPDX-License-Identifier: MIT
#include "ctx/detail/environment.h"

#include "ctx/scheduler.h"

namespace ctx::detail {

environment::environment(tree t)
    : clock_(t.clock ? std::move(t.clock) : real_clock()), scheduler_(t.scheduler),
      observer_(std::move(t.observer)), shuffles_(t.sibling_seed.has_value()),
      random_(t.sibling_seed.value_or(0)) {}

const std::shared_ptr<environment>& environment::real() {
    static const auto* const instance =
        new std::shared_ptr<environment>(std::make_shared<environment>(tree{}));
    return *instance;
}

void environment::start(std::function<void()> f) {
    if (scheduler_)
        scheduler_->call(std::move(f));
    else
        run_in_thread(std::move(f));
}

std::uint64_t environment::sibling_random() {
    const std::lock_guard lock(random_mutex_);
    return random_();
}

} // namespace ctx::detail
