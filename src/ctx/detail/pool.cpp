// SPDX-License-Identifier: MIT
#include "ctx/detail/pool.h"

#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(CTX_EXPLORE)
#define CTX_PLAIN_NEW
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CTX_PLAIN_NEW
#endif
#endif

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

constexpr std::size_t step = 16;
constexpr std::size_t sizes = pool_limit / step;
constexpr std::size_t slab_bytes = std::size_t{64} << 10;
constexpr std::size_t empty_slabs_kept = 4; // of each size
constexpr unsigned batch = 32;              // pieces that a thread fetches or gives back at once

struct piece {
    piece* next;
};

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
        for (got = 0; got < wanted; ++got) {
            if (!open_ && !add_slab(size)) break;
            piece* const p = take(*open_, size);
            p->next = list;
            list = p;
        }
        return list;
    }

    void give_back(piece* list) noexcept {
        const std::lock_guard lock(mutex_);
        while (piece* const p = list) {
            list = p->next;
            slab& s = *slab_of(p);
            if (s.used == s.capacity) open(s);
            p->next = s.free;
            s.free = p;
            if (--s.used == 0 && ++empty_ > empty_slabs_kept) {
                --empty_;
                close(s);
                std::free(&s);
            }
        }
    }

  private:
    bool add_slab(std::size_t size) noexcept {
        void* const memory = std::aligned_alloc(slab_bytes, slab_bytes);
        if (!memory) return false;
        auto* const s = new (memory) slab;
        s->capacity = static_cast<std::uint32_t>((slab_bytes - sizeof(slab)) / size);
        open(*s);
        ++empty_;
        return true;
    }

    piece* take(slab& s, std::size_t size) noexcept {
        if (s.used++ == 0) --empty_;
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
    std::size_t empty_ = 0;
};

depot& depot_of(std::size_t index) noexcept {
    // Never destroyed: threads may free while the process exits.
    static auto* const all = new depot[sizes];
    return all[index];
}

/// The free pieces that a thread keeps. After its destructor has run the thread goes to the depots directly.
struct thread_cache {
    struct shelf {
        piece* pieces = nullptr;
        unsigned count = 0;
    };
    shelf shelves[sizes];
    std::uint64_t served = 0;

    thread_cache() noexcept { here = this; }
    ~thread_cache() {
        here = nullptr;
        gone = true;
        for (std::size_t i = 0; i < sizes; ++i)
            if (shelves[i].pieces) depot_of(i).give_back(shelves[i].pieces);
    }
    thread_cache(const thread_cache&) = delete;
    thread_cache& operator=(const thread_cache&) = delete;

    static thread_local thread_cache* here;
    static thread_local bool gone;
};

constinit thread_local thread_cache* thread_cache::here = nullptr;
constinit thread_local bool thread_cache::gone = false;

thread_cache* make_cache() {
    if (thread_cache::gone) return nullptr;
    static thread_local thread_cache own;
    return &own;
}

[[gnu::noinline]] void* fetch(std::size_t index) {
    thread_cache* const cache = thread_cache::here ? thread_cache::here : make_cache();
    unsigned got = 0;
    piece* const first = depot_of(index).fetch((index + 1) * step, cache ? batch : 1, got);
    if (!first) throw std::bad_alloc();
    if (cache) {
        cache->shelves[index].pieces = first->next;
        cache->shelves[index].count = got - 1;
        ++cache->served;
    }
    return first;
}

/// The list keeps its warm half.
[[gnu::noinline]] void shed(thread_cache::shelf& s, std::size_t index) noexcept {
    piece* last = s.pieces;
    for (unsigned i = 1; i < batch; ++i) last = last->next;
    piece* const surplus = std::exchange(last->next, nullptr);
    s.count = batch;
    depot_of(index).give_back(surplus);
}

[[gnu::noinline]] void free_without_cache(piece* p, std::size_t index) noexcept {
    thread_cache* const cache = make_cache();
    if (!cache) {
        p->next = nullptr;
        depot_of(index).give_back(p);
        return;
    }
    thread_cache::shelf& s = cache->shelves[index];
    p->next = s.pieces;
    s.pieces = p;
    ++s.count;
}

} // namespace

void* pool_allocate(std::size_t size) {
    if (size == 0 || size > pool_limit) return ::operator new(size);
    const std::size_t index = (size - 1) / step;
    if (thread_cache* const cache = thread_cache::here) {
        thread_cache::shelf& s = cache->shelves[index];
        if (piece* const p = s.pieces) {
            s.pieces = p->next;
            --s.count;
            ++cache->served;
            return p;
        }
    }
    return fetch(index);
}

void pool_free(void* memory, std::size_t size) noexcept {
    if (!memory) return;
    if (size == 0 || size > pool_limit) return ::operator delete(memory);
    const std::size_t index = (size - 1) / step;
    auto* const p = static_cast<piece*>(memory);
    thread_cache* const cache = thread_cache::here;
    if (!cache) return free_without_cache(p, index);
    thread_cache::shelf& s = cache->shelves[index];
    p->next = s.pieces;
    s.pieces = p;
    if (++s.count == 2 * batch) shed(s, index);
}

std::uint64_t pool_served() noexcept {
    return thread_cache::here ? thread_cache::here->served : 0;
}

#endif

} // namespace ctx::detail
