// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

/// A value that copies of the pointer share until one of them edits it.
/// Thread safety: as a standard container, for each copy; copies may be used, and edited, in different
/// threads.
namespace lab {

template <class T>
class cow_ptr {
  public:
    cow_ptr() = default;
    cow_ptr(const cow_ptr& other) : shared_(other.shared_) {
        if (shared_) shared_->refs.fetch_add(1, std::memory_order_relaxed);
    }
    cow_ptr(cow_ptr&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
    cow_ptr& operator=(cow_ptr other) noexcept {
        std::swap(shared_, other.shared_);
        return *this;
    }
    ~cow_ptr() {
        if (shared_ && shared_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) delete shared_;
    }

    explicit operator bool() const { return shared_ != nullptr; }
    const T& operator*() const { return shared_->value; }
    const T* operator->() const { return &shared_->value; }
    bool same(const cow_ptr& other) const { return shared_ == other.shared_; }

    /// The value, for changing: made if there is none, copied if somebody else has it too.
    T& edit() {
        if (!shared_) {
            shared_ = new counted;
        } else if (shared_->refs.load(std::memory_order_acquire) != 1) { // what the others did is over
            *this = cow_ptr(new counted{.value = shared_->value});
        }
        return shared_->value;
    }

  private:
    struct counted {
        std::atomic<std::size_t> refs{1};
        T value{};
    };

    explicit cow_ptr(counted* shared) : shared_(shared) {}

    counted* shared_ = nullptr;
};

} // namespace lab
