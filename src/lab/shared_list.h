// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

/// A list that only grows at its end, so that copies can share what they have in common.
///
///     lab::shared_list<int> now{1, 2};
///     const lab::shared_list<int> then = now;   // O(1), one buffer for both
///     now.push_back(3);                         // in the same buffer, behind what `then` sees
///
/// A copy sees the elements that were there when it was made. Of several copies of one size the first to
/// append goes on in the shared buffer, and the others take buffers of their own when they append. Thread
/// safety: as a standard container, for each copy; copies of one list may be used, and appended to, in
/// different threads.
namespace lab {

template <class T>
class shared_list {
    static_assert(std::is_nothrow_move_constructible_v<T>);

  public:
    using value_type = T;
    using const_iterator = const T*;
    using iterator = const_iterator;
    using const_reverse_iterator = std::reverse_iterator<const_iterator>;
    using size_type = std::size_t;

    shared_list() = default;
    shared_list(std::initializer_list<T> all) : shared_list(all.begin(), all.end()) {}
    shared_list(const std::vector<T>& all) : shared_list(all.data(), all.data() + all.size()) {}
    shared_list(const shared_list& other) : buffer_(other.buffer_), size_(other.size_) {
        if (buffer_) buffer_->refs.fetch_add(1, std::memory_order_relaxed);
    }
    shared_list(shared_list&& other) noexcept
        : buffer_(std::exchange(other.buffer_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    shared_list& operator=(shared_list other) noexcept {
        std::swap(buffer_, other.buffer_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~shared_list() {
        if (buffer_ && buffer_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) buffer::free(buffer_);
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const T* data() const { return buffer_ ? buffer_->items() : nullptr; }
    const_iterator begin() const { return data(); }
    const_iterator end() const { return data() + size_; }
    const_reverse_iterator rbegin() const { return const_reverse_iterator(end()); }
    const_reverse_iterator rend() const { return const_reverse_iterator(begin()); }
    const T& operator[](std::size_t i) const { return data()[i]; }
    const T& front() const { return data()[0]; }
    const T& back() const { return data()[size_ - 1]; }

    /// O(1) amortised, and O(n) for a copy that is not the first to append.
    void push_back(T item) {
        std::size_t mine = size_;
        if (!buffer_ || size_ == buffer_->capacity ||
            !buffer_->used.compare_exchange_strong(mine, size_ + 1)) {
            *this = copy_with_room();
            buffer_->used.store(size_ + 1, std::memory_order_relaxed);
        }
        ::new (buffer_->items() + size_) T(std::move(item));
        ++size_;
    }

    /// Takes the elements out for which `gone(element)` holds. O(n); copies keep theirs.
    template <class Predicate>
    void erase_if(Predicate gone) {
        if (std::none_of(begin(), end(), gone)) return;
        shared_list kept;
        for (const T& item : *this)
            if (!gone(item)) kept.push_back(item);
        *this = std::move(kept);
    }

    friend bool operator==(const shared_list& a, const shared_list& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    struct buffer {
        std::atomic<std::size_t> refs{1};
        std::atomic<std::size_t> used{0}; // elements that exist, or are about to
        std::size_t capacity = 0;

        static constexpr std::size_t items_at =
            (sizeof(std::size_t) * 3 + alignof(T) - 1) / alignof(T) * alignof(T);
        static_assert(alignof(T) <= alignof(std::max_align_t));

        T* items() { return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(this) + items_at); }

        static buffer* make(std::size_t capacity) {
            buffer* b = ::new (::operator new(items_at + capacity * sizeof(T))) buffer;
            b->capacity = capacity;
            return b;
        }
        static void free(buffer* b) {
            std::destroy_n(b->items(), b->used.load(std::memory_order_relaxed));
            ::operator delete(b);
        }
    };

    shared_list(const T* from, const T* to) {
        for (; from != to; ++from) push_back(*from);
    }

    shared_list copy_with_room() const {
        shared_list copy;
        copy.buffer_ = buffer::make(std::max<std::size_t>(size_ * 2, 2));
        for (; copy.size_ < size_; ++copy.size_) {
            ::new (copy.buffer_->items() + copy.size_) T((*this)[copy.size_]);
            copy.buffer_->used.store(copy.size_ + 1, std::memory_order_relaxed);
        }
        return copy;
    }

    buffer* buffer_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace lab
