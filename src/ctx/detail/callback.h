// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace ctx::detail {

/// A function to be called once, that can be moved but not copied. Keeps callables of up to 48 bytes inside
/// itself.
class callback {
  public:
    callback() noexcept = default;

    template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, callback> && std::invocable<std::decay_t<F>&>)
        callback(F&& f) {
        using function = std::decay_t<F>;
        if constexpr (requires { f == nullptr; }) {
            if (f == nullptr) return;
        }
        if constexpr (fits<function>)
            new (place_) function(std::forward<F>(f));
        else
            new (place_) function*(new function(std::forward<F>(f)));
        act_ = &act_on<function>;
    }

    callback(callback&& o) noexcept { take(o); }
    callback& operator=(callback&& o) noexcept {
        if (this != &o) {
            reset();
            take(o);
        }
        return *this;
    }
    ~callback() { reset(); }

    explicit operator bool() const noexcept { return act_ != nullptr; }
    void operator()() { act_(action::call, place_, nullptr); }
    void reset() noexcept {
        if (act_) std::exchange(act_, nullptr)(action::destroy, place_, nullptr);
    }

  private:
    enum class action : unsigned char { call, destroy, move };

    static constexpr std::size_t room = 48;
    template <class F>
    static constexpr bool fits = sizeof(F) <= room &&
                                 alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

    template <class F>
    static void act_on(action a, void* place, void* to) {
        if constexpr (fits<F>) {
            F& f = *std::launder(static_cast<F*>(place));
            if (a == action::call) {
                std::invoke(f);
                return;
            }
            if (a == action::move) new (to) F(std::move(f));
            f.~F();
        } else {
            F*& f = *std::launder(static_cast<F**>(place));
            if (a == action::call)
                std::invoke(*f);
            else if (a == action::move)
                new (to) F*(f);
            else
                delete f;
        }
    }

    void take(callback& o) noexcept {
        act_ = std::exchange(o.act_, nullptr);
        if (act_) act_(action::move, o.place_, place_);
    }

    alignas(void*) std::byte place_[room];
    void (*act_)(action, void* place, void* to) = nullptr;
};

} // namespace ctx::detail
