// SPDX-License-Identifier: MIT
#pragma once

#include "lab/cow_ptr.h"

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

/// A vector whose copies share what has not been edited since: copy-on-write in small pieces.
///
///     lab::cow_vector<std::string> now;
///     now.push_back("a");
///     const lab::cow_vector<std::string> then = now;   // copies one pointer for every 32 strings or more
///     now.edit(0) = "b";                               // copies a leaf; then[0] is "a" still
///
/// Elements lie in leaves of half a kilobyte, or one in each if they are larger; leaves lie in blocks of 32.
/// An edit copies the leaf and the block that are shared, and nothing when they are not. A reference that
/// `edit` gave stays valid until the vector is copied or shortened. Thread safety: as a standard container,
/// for each copy; copies may be used, and edited, in different threads.
namespace lab {

template <class T>
class cow_vector {
    static constexpr std::size_t leaf_size = std::bit_floor(std::clamp<std::size_t>(512 / sizeof(T), 1, 64));
    static constexpr std::size_t leaves_in_block = 32;
    static constexpr std::size_t block_size = leaf_size * leaves_in_block;

    struct leaf {
        std::array<T, leaf_size> items{};
    };
    struct block {
        std::array<cow_ptr<leaf>, leaves_in_block> leaves{};
    };

  public:
    using value_type = T;
    using size_type = std::size_t;
    class const_iterator;
    using iterator = const_iterator;
    using const_reverse_iterator = std::reverse_iterator<const_iterator>;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const T& operator[](std::size_t i) const { return leaf_of(i).items[i % leaf_size]; }
    const T& at(std::size_t i) const {
        return i < size_ ? (*this)[i] : throw std::out_of_range("cow_vector::at: beyond its end");
    }
    const T& front() const { return (*this)[0]; }
    const T& back() const { return (*this)[size_ - 1]; }
    const_iterator begin() const { return {this, 0}; }
    const_iterator end() const { return {this, size_}; }
    const_reverse_iterator rbegin() const { return const_reverse_iterator(end()); }
    const_reverse_iterator rend() const { return const_reverse_iterator(begin()); }

    /// The element, for changing. At most one leaf and one block are copied.
    T& edit(std::size_t i) {
        return blocks_[i / block_size].edit().leaves[i / leaf_size % leaves_in_block].edit().items[i %
                                                                                                   leaf_size];
    }

    /// O(1) amortised.
    void push_back(T item) {
        if (size_ % block_size == 0) blocks_.emplace_back();
        edit(size_) = std::move(item);
        ++size_;
    }

    void clear() { *this = {}; }

    /// Takes out the elements for which `gone(element)` holds. What lies before the first of them stays
    /// shared. Returns its position: elements from there on have moved.
    template <class Predicate>
    std::size_t erase_if(Predicate gone);

    /// What is shared is not compared.
    friend bool operator==(const cow_vector& a, const cow_vector& b) {
        if (a.size_ != b.size_) return false;
        for (std::size_t i = 0; i < a.size_; ++i)
            if (&a[i] != &b[i] && !(a[i] == b[i])) return false;
        return true;
    }

    /// How many bytes of this vector are not shared with `other`, what elements own elsewhere left out.
    std::size_t bytes_beside(const cow_vector& other) const;

  private:
    const leaf& leaf_of(std::size_t i) const {
        return *blocks_[i / block_size]->leaves[i / leaf_size % leaves_in_block];
    }

    void shorten(std::size_t size);

    std::vector<cow_ptr<block>> blocks_; // no more than the size needs
    std::size_t size_ = 0;
};

template <class T>
class cow_vector<T>::const_iterator {
  public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    const_iterator(const cow_vector* in, std::size_t at) : in_(in), at_(at) {}

    reference operator*() const { return (*in_)[at_]; }
    pointer operator->() const { return &(*in_)[at_]; }
    reference operator[](difference_type n) const { return *(*this + n); }
    const_iterator& operator+=(difference_type n) {
        at_ += static_cast<std::size_t>(n);
        return *this;
    }
    const_iterator& operator-=(difference_type n) { return *this += -n; }
    const_iterator& operator++() { return *this += 1; }
    const_iterator& operator--() { return *this -= 1; }
    const_iterator operator++(int) { return std::exchange(*this, *this + 1); }
    const_iterator operator--(int) { return std::exchange(*this, *this - 1); }
    friend const_iterator operator+(const_iterator i, difference_type n) { return i += n; }
    friend const_iterator operator+(difference_type n, const_iterator i) { return i += n; }
    friend const_iterator operator-(const_iterator i, difference_type n) { return i -= n; }
    friend difference_type operator-(const_iterator a, const_iterator b) {
        return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
    }
    friend bool operator==(const_iterator a, const_iterator b) { return a.at_ == b.at_; }
    friend std::strong_ordering operator<=>(const_iterator a, const_iterator b) { return a.at_ <=> b.at_; }

  private:
    const cow_vector* in_ = nullptr;
    std::size_t at_ = 0;
};

template <class T>
template <class Predicate>
std::size_t cow_vector<T>::erase_if(Predicate gone) {
    const std::size_t first = static_cast<std::size_t>(std::find_if(begin(), end(), gone) - begin());
    std::size_t to = first;
    for (std::size_t from = first; from < size_; ++from) {
        if (gone((*this)[from])) continue;
        T& source = edit(from);
        edit(to) = std::move(source);
        ++to;
    }
    shorten(to);
    return first;
}

template <class T>
void cow_vector<T>::shorten(std::size_t size) {
    if (size == size_) return;
    size_ = size;
    blocks_.resize((size + block_size - 1) / block_size);
    if (size % block_size == 0) return;
    auto& leaves = blocks_.back().edit().leaves;
    const std::size_t full = size % block_size / leaf_size;
    const std::size_t rest = size % leaf_size;
    if (rest != 0) {
        auto& items = leaves[full].edit().items;
        std::fill(items.begin() + static_cast<std::ptrdiff_t>(rest), items.end(), T());
    }
    for (std::size_t i = full + (rest != 0); i < leaves_in_block; ++i) leaves[i] = {};
}

template <class T>
std::size_t cow_vector<T>::bytes_beside(const cow_vector& other) const {
    std::size_t bytes = blocks_.capacity() * sizeof(blocks_[0]);
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
        const block* theirs = b < other.blocks_.size() ? &*other.blocks_[b] : nullptr;
        if (theirs == &*blocks_[b]) continue;
        bytes += sizeof(block);
        for (std::size_t i = 0; i < leaves_in_block; ++i) {
            const cow_ptr<leaf>& mine = blocks_[b]->leaves[i];
            if (mine && (!theirs || !mine.same(theirs->leaves[i]))) bytes += sizeof(leaf);
        }
    }
    return bytes;
}

} // namespace lab
