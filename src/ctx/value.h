// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Request-scoped values: typed keys for C++ programs, run-time keys for data that Go would call `any`.
///
///     inline const ctx::key<std::string> user{"user"};          // one object, one key, whatever its name
///     auto c = ctx::with_value(parent, user, "ann");
///     if (const std::string* u = c.value(user)) greet(*u);
///
///     auto d = ctx::with_value(parent, ctx::any_key(std::string("user")), ctx::any_value(7));   // Go's way
///     assert(d.value(ctx::any_key(std::string("user"))).as<int>() != nullptr);
///
/// Thread safety: keys and values are immutable.
/// Lifetime: a typed key must outlive the contexts that use it: make it a global. What value() points to
/// lives as long as the context handle it was asked of.
namespace ctx {

/// How a type is named and shown in a context's printed form (CTX-211, CTX-212). Specialise it for your
/// types:
///
///     template <> struct ctx::type_traits<session_id> { static constexpr std::string_view name =
///     "auth.sessionID"; };
template <class T>
struct type_traits {};

namespace detail {

std::string demangle(const char* mangled);

template <class T>
std::string type_name() {
    if constexpr (requires { type_traits<T>::name; })
        return std::string(type_traits<T>::name);
    else if constexpr (std::is_same_v<T, bool>)
        return "bool";
    else if constexpr (std::is_same_v<T, int>)
        return "int";
    else if constexpr (std::is_same_v<T, double>)
        return "float64";
    else if constexpr (std::is_same_v<T, std::string>)
        return "string";
    else
        return demangle(typeid(T).name());
}

/// Go's plain `string`. A type of a program's own shows its name, also if it is a string inside: values do
/// not leak into logs (CTX-212).
template <class T>
inline constexpr bool is_plain_text =
    std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view> || std::is_same_v<T, const char*>;

/// The String method's result, the text of a plain string, or the type's name.
template <class T>
std::string shown(const T& v) {
    if constexpr (requires {
                      { type_traits<T>::string(v) } -> std::convertible_to<std::string>;
                  })
        return type_traits<T>::string(v);
    else if constexpr (requires {
                           { v.string() } -> std::convertible_to<std::string>;
                       })
        return v.string();
    else if constexpr (is_plain_text<T>)
        return std::string(v);
    else
        return type_name<T>();
}

/// Equal values have equal hashes, whatever a program does with std::hash: only types are hashed of which
/// that is certain. All values of another type may be equal.
template <class T>
inline constexpr bool is_hashed =
    std::is_integral_v<T> || std::is_pointer_v<T> || std::is_same_v<T, std::string>;

/// A type at run time. Types are equal if the addresses are.
struct type_ops {
    bool (*equal)(const void*, const void*); ///< null: not comparable
    std::string (*show)(const void*);
    std::size_t (*hash)(const void*) = nullptr;      ///< null: not hashed
    void (*destroy)(const void*) noexcept = nullptr; ///< null: nothing to do
    std::uint32_t size = 0;
    std::uint32_t align = 1;
};

template <class T>
inline constexpr type_ops ops_of = {
    [] {
        if constexpr (std::equality_comparable<T>)
            return +[](const void* a, const void* b) {
                return bool(*static_cast<const T*>(a) == *static_cast<const T*>(b));
            };
        else
            return static_cast<bool (*)(const void*, const void*)>(nullptr);
    }(),
    [](const void* v) { return shown(*static_cast<const T*>(v)); },
    [] {
        if constexpr (is_hashed<T>)
            return +[](const void* v) { return std::hash<T>()(*static_cast<const T*>(v)); };
        else
            return static_cast<std::size_t (*)(const void*)>(nullptr);
    }(),
    [] {
        if constexpr (std::is_destructible_v<T> && !std::is_trivially_destructible_v<T>)
            return +[](const void* v) noexcept { static_cast<const T*>(v)->~T(); };
        else
            return static_cast<void (*)(const void*) noexcept>(nullptr);
    }(),
    sizeof(T),
    alignof(T),
};

class node;

/// What any_keys and any_values share.
class shared_object {
  public:
    shared_object(const shared_object&) = delete;
    shared_object& operator=(const shared_object&) = delete;
    void retain() noexcept { refs_.fetch_add(1, std::memory_order_relaxed); }
    void release() noexcept {
        if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) free_(this);
    }

  protected:
    explicit shared_object(void (*free)(shared_object*) noexcept) noexcept : free_(free) {}
    ~shared_object() = default;

  private:
    atomic<std::uint32_t> refs_{1};
    void (*const free_)(shared_object*) noexcept;
};

template <class T>
class shared_object_of final : public shared_object {
  public:
    explicit shared_object_of(T&& v)
        : shared_object([](shared_object* o) noexcept { delete static_cast<shared_object_of*>(o); }),
          value(std::move(v)) {}
    const T value;
};

/// Keeps alive what it points to: a shared object, or the context whose memory the object is in.
class keeper {
  public:
    keeper() noexcept = default;
    explicit keeper(shared_object* adopted) noexcept : at_(reinterpret_cast<std::uintptr_t>(adopted)) {}
    /// Another reference to `n`.
    static keeper of(node* n) noexcept;
    keeper(const keeper& o) noexcept : at_(o.at_) {
        if (at_) retain();
    }
    keeper(keeper&& o) noexcept : at_(std::exchange(o.at_, 0)) {}
    keeper& operator=(keeper o) noexcept {
        std::swap(at_, o.at_);
        return *this;
    }
    ~keeper() {
        if (at_) release();
    }

  private:
    static constexpr std::uintptr_t is_node = 1;
    void retain() noexcept;
    void release() noexcept;
    std::uintptr_t at_ = 0;
};

} // namespace detail

class key_base {
  public:
    key_base(const key_base&) = delete;
    key_base& operator=(const key_base&) = delete;
    std::string_view name() const noexcept { return name_; }
    std::string string() const { return std::string(name_); }
    /// The type of its values.
    const detail::type_ops* ops() const noexcept { return ops_; }

  protected:
    constexpr key_base(std::string_view name, const detail::type_ops* ops) noexcept
        : name_(name), ops_(ops) {}
    ~key_base() = default;

  private:
    std::string_view name_;
    const detail::type_ops* ops_;
};

/// A typed key. Its identity is the object, so two keys never collide, whatever their names (CTX-111).
/// T may be incomplete where a key is declared (`extern const ctx::key<session> current;`), and must be
/// complete where it is defined.
template <class T>
class key : public key_base {
    static_assert(std::is_object_v<T> && !std::is_const_v<T>,
                  "a key's type is that of its value, as in key<std::string>");

  public:
    using value_type = T;
    /// `name` is what the printed form of a context shows; it must outlive the key (a literal).
    constexpr explicit key(std::string_view name) noexcept : key_base(name, &detail::ops_of<T>) {}
};

/// A key known at run time: equal to another if the types are the same and the values are equal (CTX-111).
/// Default-constructed: Go's nil key.
class any_key {
  public:
    any_key() noexcept = default;

    /// The identity of a typed key.
    any_key(const key_base& k) noexcept : ops_(&identity), object_(&k) {}

    /// A literal is a string, as in Go, and not the address of one.
    explicit any_key(const char* text) : any_key(std::string(text)) {}

    template <class T>
    requires(!std::derived_from<T, key_base> && !std::same_as<T, any_key>) explicit any_key(T value)
        : any_key(unchecked(std::move(value))) {
        static_assert(std::equality_comparable<T>, "key is not comparable: its type needs an operator==");
    }

    /// Takes a value of any type; with_value refuses one without equality: `key is not comparable` (CTX-231).
    template <class T>
    static any_key unchecked(T value) {
        any_key k;
        k.ops_ = &detail::ops_of<T>;
        if constexpr (std::is_trivially_copyable_v<T> && sizeof(T) <= room && alignof(T) <= alignof(void*)) {
            new (k.small_) T(std::move(value));
            k.in_place_ = true;
        } else {
            auto* const own = new detail::shared_object_of<T>(std::move(value));
            k.own_ = detail::keeper(own);
            k.object_ = &own->value;
        }
        return k;
    }

    explicit operator bool() const noexcept { return ops_ != nullptr; }
    bool comparable() const noexcept { return ops_ && ops_->equal; }
    /// As a context's printed form shows it.
    std::string string() const { return ops_ ? ops_->show(object()) : "<nil>"; }

    friend bool operator==(const any_key& a, const any_key& b) {
        return a.ops_ == b.ops_ && a.ops_ && a.ops_->equal && a.ops_->equal(a.object(), b.object());
    }

    /// Is it exactly this typed key?
    bool is(const key_base& k) const noexcept { return typed() == &k; }
    /// The typed key that it is, or null.
    const key_base* typed() const noexcept {
        return ops_ == &identity ? static_cast<const key_base*>(object_) : nullptr;
    }
    /// Of what is not a typed key: equal keys have equal hashes.
    std::size_t hash() const noexcept {
        const auto type = reinterpret_cast<std::uintptr_t>(ops_);
        return ops_ && ops_->hash ? type + ops_->hash(object()) : type;
    }

  private:
    static constexpr std::size_t room = 16;
    static const detail::type_ops identity;
    const void* object() const noexcept { return in_place_ ? small_ : object_; }

    const detail::type_ops* ops_ = nullptr;
    union {
        const void* object_ = nullptr;
        alignas(void*) std::byte small_[room];
    };
    bool in_place_ = false;
    detail::keeper own_;
};

/// A value known at run time. Default-constructed: Go's nil.
class any_value {
  public:
    any_value() noexcept = default;
    any_value(std::nullptr_t) noexcept {}
    /// A literal is a string, as in Go.
    explicit any_value(const char* text) : any_value(std::string(text)) {}

    template <class T>
    requires(!std::same_as<T, any_value> && !std::same_as<T, std::nullptr_t>) explicit any_value(T value)
        : ops_(&detail::ops_of<T>) {
        auto* const own = new detail::shared_object_of<T>(std::move(value));
        own_ = detail::keeper(own);
        object_ = &own->value;
    }

    explicit operator bool() const noexcept { return ops_ != nullptr; }
    /// The value if it has that very type, else null (Go: `v.(T)`).
    template <class T>
    const T* as() const noexcept {
        return ops_ == &detail::ops_of<T> ? static_cast<const T*>(object_) : nullptr;
    }
    std::string string() const { return ops_ ? ops_->show(object_) : "<nil>"; }

    /// Refers to a value that somebody else keeps alive: `by`, if given.
    static any_value refer(const detail::type_ops* ops, const void* object, detail::keeper by = {}) noexcept {
        any_value v;
        v.ops_ = ops;
        v.object_ = object;
        v.own_ = std::move(by);
        return v;
    }
    const void* raw() const noexcept { return object_; }
    const detail::type_ops* ops() const noexcept { return ops_; }

  private:
    const detail::type_ops* ops_ = nullptr;
    const void* object_ = nullptr;
    detail::keeper own_;
};

} // namespace ctx
