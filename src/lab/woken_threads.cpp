// SPDX-License-Identifier: MIT
#include "lab/woken_threads.h"

namespace lab {

bool selects_on_done(std::string_view for_what) {
    return for_what.starts_with("select on Done") || for_what.ends_with(", or Done");
}

void woken_threads::expect(id_t worker) {
    const std::lock_guard lock(mutex_);
    due_.insert_or_assign(worker, std::chrono::steady_clock::now() + patience);
}

bool woken_threads::expects(id_t worker) const {
    const std::lock_guard lock(mutex_);
    return due_.contains(worker);
}

void woken_threads::begin_again() {
    const time due = std::chrono::steady_clock::now() + patience;
    const std::lock_guard lock(mutex_);
    for (auto& entry : due_) entry.second = due;
}

bool woken_threads::over(id_t worker) {
    const std::lock_guard lock(mutex_);
    return due_.erase(worker) > 0;
}

bool woken_threads::give_up(time now) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(due_, [&](const auto& entry) { return entry.second <= now; }) > 0;
}

bool woken_threads::give_up_all() {
    const std::lock_guard lock(mutex_);
    const bool any = !due_.empty();
    due_.clear();
    return any;
}

std::optional<woken_threads::time> woken_threads::until() const {
    const std::lock_guard lock(mutex_);
    std::optional<time> first;
    for (const auto& entry : due_)
        if (!first || entry.second < *first) first = entry.second;
    return first;
}

} // namespace lab
