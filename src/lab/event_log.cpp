// SPDX-License-Identifier: MIT
#include "lab/event_log.h"

#include <algorithm>
#include <utility>

namespace lab {

namespace {

constexpr std::size_t block_size = 256;

// Keeps "now + limit" representable when a caller means "for ever".
constexpr std::chrono::nanoseconds longest_wait = std::chrono::hours(24 * 365);

} // namespace

std::uint64_t event_log::append(event e) {
    std::uint64_t seq = 0;
    {
        const std::lock_guard lock(mutex_);
        const std::size_t at = size_ % block_size;
        if (at == 0) blocks_.push_back(std::make_unique<event[]>(block_size));
        seq = ++size_;
        e.seq = seq;
        blocks_.back()[at] = std::move(e);
    }
    grown_.notify_all();
    return seq;
}

std::vector<event> event_log::read(std::uint64_t since, std::size_t most) const {
    std::vector<std::span<const event>> pieces;
    std::size_t count = 0;
    {
        const std::lock_guard lock(mutex_);
        if (since >= size_) return {};
        count = static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - since));
        for (std::uint64_t i = since, end = since + count; i < end;) {
            const std::size_t at = i % block_size;
            const std::size_t piece = std::min<std::uint64_t>(block_size - at, end - i);
            pieces.emplace_back(&blocks_[i / block_size][at], piece);
            i += piece;
        }
    }
    std::vector<event> batch;
    batch.reserve(count);
    for (const auto piece : pieces) batch.insert(batch.end(), piece.begin(), piece.end());
    return batch;
}

std::span<const event> event_log::after(std::uint64_t since) const {
    const std::lock_guard lock(mutex_);
    if (since >= size_) return {};
    const std::size_t at = since % block_size;
    return {&blocks_[since / block_size][at], std::min<std::uint64_t>(block_size - at, size_ - since)};
}

std::span<const event> event_log::block_of(std::uint64_t seq) const {
    const std::lock_guard lock(mutex_);
    const std::uint64_t first = (seq - 1) / block_size * block_size;
    return {blocks_[first / block_size].get(), std::min<std::uint64_t>(block_size, size_ - first)};
}

std::uint64_t event_log::last_seq() const {
    const std::lock_guard lock(mutex_);
    return size_;
}

bool event_log::wait_after(std::uint64_t since, std::chrono::nanoseconds limit) const {
    std::unique_lock lock(mutex_);
    grown_.wait_for(lock, std::min(limit, longest_wait), [&] { return closed_ || size_ > since; });
    return size_ > since;
}

bool event_log::wait_after(std::uint64_t since, std::stop_token stop) const {
    const std::stop_callback wake(stop, [this] {
        const std::lock_guard lock(mutex_); // not between a waiter's look and its sleep
        grown_.notify_all();
    });
    std::unique_lock lock(mutex_);
    grown_.wait(lock, [&] { return closed_ || size_ > since || stop.stop_requested(); });
    return size_ > since;
}

void event_log::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    grown_.notify_all();
}

} // namespace lab
