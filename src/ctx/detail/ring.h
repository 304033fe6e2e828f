// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace ctx::detail {

/// The values that wait in a channel: a queue of bounded length in one block of memory, which is taken when
/// the first value comes, and doubled when it is full. Amortised constant time.
template <class T>
class ring {
  public:
    ring() = default;
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;
    ~ring() {
        while (size_ > 0) pop_front();
        give_back(values_, room_);
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    T& front() noexcept { return values_[first_]; }

    void pop_front() noexcept {
        std::destroy_at(values_ + first_);
        first_ = (first_ + 1) & (room_ - 1);
        --size_;
    }
    /// `limit`: how long it may ever become.
    void push_back(T&& v, std::size_t limit) {
        if (size_ == room_) grow(limit);
        std::construct_at(values_ + ((first_ + size_) & (room_ - 1)), std::move(v));
        ++size_;
    }

  private:
    static void give_back(T* values, std::size_t room) noexcept {
        if (values) std::allocator<T>().deallocate(values, room);
    }

    void grow(std::size_t limit) {
        std::size_t room = room_ > 0 ? room_ * 2 : 1;
        while (room < limit && room < 8) room *= 2;
        T* const values = std::allocator<T>().allocate(room);
        std::size_t moved = 0;
        try {
            for (; moved < size_; ++moved)
                std::construct_at(values + moved, std::move(values_[(first_ + moved) & (room_ - 1)]));
        } catch (...) {
            std::destroy_n(values, moved);
            give_back(values, room);
            throw;
        }
        for (std::size_t i = 0; i < size_; ++i) std::destroy_at(values_ + ((first_ + i) & (room_ - 1)));
        give_back(values_, room_);
        values_ = values;
        room_ = room;
        first_ = 0;
    }

    T* values_ = nullptr;
    std::size_t room_ = 0; // a power of two, or nothing yet
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

} // namespace ctx::detail
