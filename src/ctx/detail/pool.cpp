// SPDX-License-Identifier: MIT
#include "ctx/detail/pool_cache.h"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

namespace ctx::detail {

#ifdef CTX_PLAIN_NEW

void* pool_allocate(std::size_t size) {
    return ::operator new(size);
}
void pool_free(void* piece, std::size_t) noexcept {
    ::operator delete(piece);
}
std::uint64_t pool_served() noexcept {
    return 0; // operator new counts them
}

#else

namespace {

// Large, as the system's allocator touches a page on either side; what was never used of it takes no memory.
constexpr std::size_t slab_bytes = std::size_t{256} << 10;
/// Of all sizes together, 16 MiB: returning memory only to ask for it again costs more than its first use.
constexpr std::size_t empty_slabs_kept = 64;

/// Pieces of one size that a thread keeps at most, while others are at the depot.
constexpr unsigned most_kept = 16 * pool_batch;

using piece = pool_piece;

/// Stands at the beginning of its memory, which is aligned to its size, so that a piece finds it.
struct alignas(64) slab {
    slab* prev = nullptr; // among the slabs of its size that have free pieces
    slab* next = nullptr;
    piece* free = nullptr;
    std::uint32_t used = 0;
    std::uint32_t fresh = 0; // pieces from here on were never used: their memory is not touched yet
    std::uint32_t capacity = 0;
};

slab* slab_of(piece* p) noexcept {
    return reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(p) & ~(slab_bytes - 1));
}

/// All slabs of one size. What a thread does not keep for itself goes through here.
class depot {
  public:
    /// `wanted` pieces as a list, or fewer if memory is short; null if there is none.
    piece* fetch(std::size_t size, unsigned wanted, unsigned& got) {
        const std::lock_guard lock(mutex_);
        piece* list = nullptr;
        piece** end = &list; // what is made in turn is to stand in a row
        for (got = 0; got < wanted; ++got) {
            if (!open_ && !add_slab(size)) break;
            *end = take(*open_, size);
            end = &(*end)->next;
        }
        *end = nullptr;
        return list;
    }

    void give_back(piece* list) noexcept {
        const std::lock_guard lock(mutex_);
        take_in(list);
    }
    /// The same, but for the first `kept`; unless another thread is here: then all are the caller's still.
    bool try_give_back(piece* list, unsigned kept) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock) return false;
        piece* last = list;
        for (unsigned i = 1; i < kept; ++i) last = last->next;
        take_in(std::exchange(last->next, nullptr));
        return true;
    }

  private:
    void take_in(piece* list) noexcept {
        while (piece* const p = list) {
            list = p->next;
            slab& s = *slab_of(p);
            if (s.used == s.capacity) open(s);
            p->next = s.free;
            s.free = p;
            if (--s.used == 0 && empty_.fetch_add(1, std::memory_order_relaxed) >= empty_slabs_kept) {
                empty_.fetch_sub(1, std::memory_order_relaxed);
                close(s);
                std::free(&s);
            }
        }
    }

    bool add_slab(std::size_t size) noexcept {
        void* const memory = std::aligned_alloc(slab_bytes, slab_bytes);
        if (!memory) return false;
        auto* const s = new (memory) slab;
        s->capacity = static_cast<std::uint32_t>((slab_bytes - sizeof(slab)) / size);
        open(*s);
        empty_.fetch_add(1, std::memory_order_relaxed);
        return true;
    }

    piece* take(slab& s, std::size_t size) noexcept {
        if (s.used++ == 0) empty_.fetch_sub(1, std::memory_order_relaxed);
        piece* p = s.free;
        if (p) {
            s.free = p->next;
        } else {
            auto* const at = reinterpret_cast<std::byte*>(&s) + sizeof(slab) + size * s.fresh++;
            p = new (at) piece;
        }
        if (s.used == s.capacity) close(s);
        return p;
    }

    void open(slab& s) noexcept {
        s.prev = nullptr;
        s.next = open_;
        if (open_) open_->prev = &s;
        open_ = &s;
    }
    void close(slab& s) noexcept {
        (s.prev ? s.prev->next : open_) = s.next;
        if (s.next) s.next->prev = s.prev;
    }

    std::mutex mutex_;     // leaf lock
    slab* open_ = nullptr; // slabs with free pieces; guarded by mutex_, as are the slabs
    static inline std::atomic<std::size_t> empty_{0}; // slabs without a used piece, of all sizes
};

depot& depot_of(std::size_t index) noexcept {
    // Never destroyed: threads may free while the process exits.
    static auto* const all = new depot[pool_sizes];
    return all[index];
}

constinit thread_local bool gone = false;

/// After its destructor has run the thread goes to the depots directly.
struct owned_cache : pool_cache {
    owned_cache() noexcept { pool_here = this; }
    ~owned_cache() {
        pool_here = nullptr;
        gone = true;
        for (std::size_t i = 0; i < pool_sizes; ++i)
            if (shelves[i].pieces) depot_of(i).give_back(shelves[i].pieces);
    }
    owned_cache(const owned_cache&) = delete;
    owned_cache& operator=(const owned_cache&) = delete;
};

/// This thread's; null while it ends.
pool_cache* own_cache() {
    if (pool_here || gone) return pool_here;
    static thread_local owned_cache own;
    return &own;
}

} // namespace

constinit thread_local pool_cache* pool_here = nullptr;

void* pool_fetch(std::size_t index) {
    pool_cache* const cache = own_cache();
    unsigned got = 0;
    piece* const first = depot_of(index).fetch((index + 1) * pool_step, cache ? pool_batch : 1, got);
    if (!first) throw std::bad_alloc();
    if (cache) {
        cache->shelves[index] = {.pieces = first->next, .count = got - 1};
        ++cache->served;
    }
    return first;
}

void pool_shed(void* memory, std::size_t index) noexcept {
    auto* const p = static_cast<piece*>(memory);
    p->next = nullptr;
    pool_cache* const cache = own_cache();
    if (!cache) return depot_of(index).give_back(p);
    pool_cache::shelf& s = cache->shelves[index];
    // It keeps the warm ones. Threads that free very much at the same time do not wait for each other.
    if (s.count == most_kept) {
        depot_of(index).give_back(std::exchange(s.pieces->next, nullptr));
        s.count = 1;
    } else if (s.count >= 2 * pool_batch && s.count % pool_batch == 0 &&
               depot_of(index).try_give_back(s.pieces, pool_batch)) {
        s.count = pool_batch;
    }
    p->next = s.pieces;
    s.pieces = p;
    ++s.count;
}

void* pool_allocate(std::size_t size) {
    return pool_take(size);
}
void pool_free(void* memory, std::size_t size) noexcept {
    if (memory) pool_put(memory, size);
}

std::uint64_t pool_served() noexcept {
    return pool_here ? pool_here->served : 0;
}

#endif

} // namespace ctx::detail
