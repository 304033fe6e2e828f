// SPDX-License-Identifier: MIT
#pragma once

#include "explore/arena.h"
#include "explore/engine.h"

#include <atomic>
#include <concepts>
#include <mutex>
#include <type_traits>
#include <utility>

/// What src/ctx/detail/atomics.h names, when the library is compiled to be explored: each operation asks the
/// engine first, and notices when its object is not there any more. Memory orders are taken and ignored: all
/// that is explored is sequentially consistent.
namespace explore {

/// Whether the insides of small_mutex are explored too, wherever it is used.
inline bool look_inside = false;
/// Whether a weak compare and swap may fail for nothing, once for each thread.
inline bool weak_fails = false;

/// An atomic or a lock.
class instrument {
  public:
    instrument(const instrument&) = delete;
    instrument& operator=(const instrument&) = delete;

  protected:
    constexpr instrument() noexcept {
        if (!std::is_constant_evaluated()) arena::mark_instrument(this);
    }
    ~instrument() {
        // In memory of the arena, freeing that is the operation.
        if (engine& e = engine::instance(); e.concurrent() && !arena::owns(this))
            e.point({.what = action::destroy, .object = address()});
        life_ = 0;
    }

    const std::byte* address() const noexcept { return reinterpret_cast<const std::byte*>(this); }
    void point(action a, const place& where, const bool* shut = nullptr) const noexcept {
        engine& e = engine::instance();
        if (!e.running()) return;
        e.point({.what = a, .object = address(), .shut = shut, .where = where});
        if (life_ != alive)
            e.fail(std::string("use after destruction: ") + name_of(a) + " (" + where.file + ":" +
                   std::to_string(where.line) + ")");
    }

  private:
    static constexpr std::uint32_t alive = 0x11FE11FE;
    volatile std::uint32_t life_ = alive;
};

template <class T>
class atomic : instrument {
    using order = std::memory_order;

  public:
    constexpr atomic() noexcept = default;
    constexpr atomic(T v) noexcept : value_(v) {}

    T load(order = {}, place p = {__builtin_FILE(), __builtin_LINE()}) const noexcept {
        point(action::load, p);
        return value_;
    }
    void store(T v, order = {}, place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::change, p);
        value_ = v;
    }
    T exchange(T v, order = {}, place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::change, p);
        return std::exchange(value_, v);
    }
    bool compare_exchange_strong(T& expected, T v, order = {}, order = {},
                                 place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::change, p);
        if (value_ != expected) {
            expected = value_;
            return false;
        }
        value_ = v;
        return true;
    }
    bool compare_exchange_weak(T& expected, T v, order = {}, order = {},
                               place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::change, p);
        if (value_ != expected || (weak_fails && engine::instance().fails_for_nothing())) {
            expected = value_;
            return false;
        }
        value_ = v;
        return true;
    }
    T fetch_add(T v, order = {},
                place p = {__builtin_FILE(), __builtin_LINE()}) noexcept requires std::integral<T> {
        point(action::change, p);
        return std::exchange(value_, static_cast<T>(value_ + v));
    }
    T fetch_sub(T v, order = {},
                place p = {__builtin_FILE(), __builtin_LINE()}) noexcept requires std::integral<T> {
        point(action::change, p);
        return std::exchange(value_, static_cast<T>(value_ - v));
    }
    void wait(T old, order = {}, place p = {__builtin_FILE(), __builtin_LINE()}) const noexcept {
        for (engine& e = engine::instance();;) {
            point(action::wait, p, e.running() ? e.parked() : nullptr);
            if (value_ != old) return;
            e.park(address());
        }
    }
    void notify_one(place p = {__builtin_FILE(), __builtin_LINE()}) noexcept { notify(false, p); }
    void notify_all(place p = {__builtin_FILE(), __builtin_LINE()}) noexcept { notify(true, p); }

  private:
    void notify(bool all, const place& p) noexcept {
        point(action::notify, p);
        if (engine& e = engine::instance(); e.concurrent()) e.unpark(address(), all);
    }

    T value_{};
};

class mutex : instrument {
  public:
    constexpr mutex() noexcept = default;
    void lock(place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::lock, p, &held_);
        held_ = true;
    }
    bool try_lock(place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::change, p);
        return !std::exchange(held_, true);
    }
    void unlock(place p = {__builtin_FILE(), __builtin_LINE()}) noexcept {
        point(action::unlock, p);
        if (!held_ && engine::instance().running())
            engine::instance().fail("an unlock of what is not locked");
        held_ = false;
    }

  private:
    bool held_ = false;
};

/// M, or, when its insides are explored elsewhere, an indivisible lock in its place.
template <class M>
class lock_like {
  public:
    void lock() noexcept { look_inside ? real_.lock() : simple_.lock(); }
    bool try_lock() noexcept { return look_inside ? real_.try_lock() : simple_.try_lock(); }
    void unlock() noexcept { look_inside ? real_.unlock() : simple_.unlock(); }
    void wait_unlocked() noexcept {
        if (look_inside) return real_.wait_unlocked();
        simple_.lock();
        simple_.unlock();
    }

  private:
    M real_;
    mutex simple_;
};

} // namespace explore

namespace ctx::detail {

template <class T>
using atomic = explore::atomic<T>;
using mutex = explore::mutex;
template <class M>
using lock_like = explore::lock_like<M>;

template <class T>
T& per_thread() {
    static const char key = 0;
    explore::engine& e = explore::engine::instance();
    if (!e.running()) {
        thread_local T outside;
        return outside;
    }
    return *static_cast<T*>(e.local(
        &key, []() -> void* { return new T; }, [](void* v) { delete static_cast<T*>(v); }));
}

inline void full_fence() noexcept {} // all is in one order

inline void yield() noexcept {
    explore::engine::instance().yield();
}

inline void wait_a_little(unsigned) noexcept {
    yield();
}

inline constexpr int spins_before_sleep = 1;
inline constexpr int looks_before_wait = 0;
inline constexpr std::uint16_t first_patience = 1;
inline constexpr unsigned shares = 2;
inline constexpr unsigned meetings_before_shares = 1;
inline unsigned next_thread_number() noexcept {
    return static_cast<unsigned>(explore::engine::instance().self());
}

/// Two beginnings: of two ready cases, a first select takes the one with the one, the other with the other.
inline std::uint64_t random_seed() noexcept {
    return explore::engine::instance().choose(2);
}

} // namespace ctx::detail
