// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

/// Go's `error` as a value: empty (nil), or a reference to one particular error object with a text.
///
///     ctx::error boom("boom");                       // errors.New: equal only to copies of itself
///     ctx::error why = ctx::wrap("stop", boom);      // fmt.Errorf("stop: %w", boom)
///     assert(ctx::is(why, boom) && why != boom);     // errors.Is
///     assert(!ctx::error{} && ctx::canceled.text() == "context canceled");
///
/// Thread safety: as a shared_ptr; the object behind it never changes.
/// Lifetime: the object lives as long as a reference to it; `canceled` and `deadline_exceeded` live for ever.
namespace ctx {

class error;

/// Derive from this for errors of your own type; hand them to `error::make`.
class error_object {
  public:
    error_object() = default;
    error_object(const error_object&) = delete;
    error_object& operator=(const error_object&) = delete;
    virtual ~error_object() = default;

    virtual std::string text() const = 0;
    /// The error inside, for `is`; empty if there is none.
    virtual error unwrap() const noexcept;
    /// Go's Timeout() method.
    virtual bool timeout() const noexcept { return false; }
    /// Go's Temporary() method.
    virtual bool temporary() const noexcept { return false; }
    /// What `std::error_code(e)` becomes.
    virtual std::error_code code() const noexcept;

  private:
    friend class error;
    detail::atomic<std::uint32_t> refs_{0};
};

class error {
  public:
    constexpr error() noexcept = default;
    constexpr error(std::nullptr_t) noexcept {}

    /// A new error with that text, different from every other (Go: errors.New).
    explicit error(std::string text);

    /// A new error of type E (derived from error_object).
    template <class E, class... A>
    static error make(A&&... arguments) {
        return error(counted_t{}, new E(std::forward<A>(arguments)...));
    }

    error(const error& o) noexcept : object_(o.object_) { retain(); }
    error(error&& o) noexcept : object_(std::exchange(o.object_, nullptr)) {}
    error& operator=(error o) noexcept {
        std::swap(object_, o.object_);
        return *this;
    }
    ~error() { drop(); }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    /// The same object, not just the same text.
    friend bool operator==(const error& a, const error& b) noexcept { return a.object() == b.object(); }

    /// The message; `<nil>` for the empty error.
    std::string text() const;
    error unwrap() const noexcept;
    /// The object itself, for dynamic_cast (Go: errors.As); null for the empty error.
    const error_object* object() const noexcept {
        return counted() ? reinterpret_cast<const error_object*>(bits() - counted_bit) : object_;
    }

    /// `canceled` is std::errc::operation_canceled, `deadline_exceeded` std::errc::timed_out.
    operator std::error_code() const noexcept;

    struct immortal_t {};
    static constexpr immortal_t immortal{};
    /// Refers to an object that is never destroyed, and therefore is not counted.
    constexpr error(immortal_t, const error_object* object) noexcept : object_(object) {}

  private:
    struct counted_t {};
    error(counted_t, error_object* object) noexcept
        : object_(
              reinterpret_cast<const error_object*>(reinterpret_cast<std::uintptr_t>(object) + counted_bit)) {
        retain();
    }

    static constexpr std::uintptr_t counted_bit = 1;
    std::uintptr_t bits() const noexcept { return reinterpret_cast<std::uintptr_t>(object_); }
    bool counted() const noexcept { return (bits() & counted_bit) != 0; }
    detail::atomic<std::uint32_t>& refs() const noexcept {
        return const_cast<error_object*>(object())->refs_;
    }

    void retain() const noexcept {
        if (counted()) refs().fetch_add(1, std::memory_order_relaxed);
    }
    void drop() noexcept {
        if (counted() && refs().fetch_sub(1, std::memory_order_acq_rel) == 1) delete object();
    }

    const error_object* object_ = nullptr; // one byte past the beginning of an object that is counted
};

namespace detail {
const error_object* canceled_object() noexcept;
const error_object* deadline_exceeded_object() noexcept;
} // namespace detail

/// Go: context.Canceled. CTX-220
inline const error canceled{error::immortal, detail::canceled_object()};
/// Go: context.DeadlineExceeded; timeout and temporary. CTX-221
inline const error deadline_exceeded{error::immortal, detail::deadline_exceeded_object()};

/// An error that reads `text: inner` and matches `inner` (Go: fmt.Errorf with %w).
error wrap(std::string text, error inner);

/// Does `e`, or an error that it wraps, equal `target` (Go: errors.Is)? CTX-222
bool is(const error& e, const error& target) noexcept;

/// Does `e`, or an error that it wraps, say that it is a timeout?
bool is_timeout(const error& e) noexcept;
bool is_temporary(const error& e) noexcept;

/// The category of the error codes that `error` converts to.
const std::error_category& error_category() noexcept;

} // namespace ctx
