// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// A type at run time. Types are equal if the addresses are.
struct type_ops {
    bool (*equal)(const void*, const void*); ///< null: not comparable
    std::string (*show)(const void*);
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
};

} // namespace detail

class key_base {
  public:
    key_base(const key_base&) = delete;
    key_base& operator=(const key_base&) = delete;
    std::string_view name() const noexcept { return name_; }
    std::string string() const { return std::string(name_); }

  protected:
    constexpr explicit key_base(std::string_view name) noexcept : name_(name) {}
    ~key_base() = default;

  private:
    std::string_view name_;
};

/// A typed key. Its identity is the object, so two keys never collide, whatever their names (CTX-111).
template <class T>
class key : public key_base {
    static_assert(std::is_object_v<T> && !std::is_const_v<T>,
                  "a key's type is that of its value, as in key<std::string>");

  public:
    using value_type = T;
    /// `name` is what the printed form of a context shows; it must outlive the key (a literal).
    constexpr explicit key(std::string_view name) noexcept : key_base(name) {}
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
        k.own_ = std::make_shared<const T>(std::move(value));
        k.object_ = k.own_.get();
        return k;
    }

    explicit operator bool() const noexcept { return ops_ != nullptr; }
    bool comparable() const noexcept { return ops_ && ops_->equal; }
    /// As a context's printed form shows it.
    std::string string() const { return ops_ ? ops_->show(object_) : "<nil>"; }

    friend bool operator==(const any_key& a, const any_key& b) {
        return a.ops_ == b.ops_ && a.ops_ && a.ops_->equal && a.ops_->equal(a.object_, b.object_);
    }

    /// Is it exactly this typed key?
    bool is(const key_base& k) const noexcept { return ops_ == &identity && object_ == &k; }

  private:
    static const detail::type_ops identity;

    const detail::type_ops* ops_ = nullptr;
    const void* object_ = nullptr;
    std::shared_ptr<const void> own_;
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
        auto own = std::make_shared<const T>(std::move(value));
        object_ = own.get();
        own_ = std::move(own);
    }

    explicit operator bool() const noexcept { return ops_ != nullptr; }
    /// The value if it has that very type, else null (Go: `v.(T)`).
    template <class T>
    const T* as() const noexcept {
        return ops_ == &detail::ops_of<T> ? static_cast<const T*>(object_) : nullptr;
    }
    std::string string() const { return ops_ ? ops_->show(object_) : "<nil>"; }

    /// Refers to a value that somebody else keeps alive.
    static any_value refer(const detail::type_ops* ops, const void* object) noexcept {
        any_value v;
        v.ops_ = ops;
        v.object_ = object;
        return v;
    }
    const void* raw() const noexcept { return object_; }
    const detail::type_ops* ops() const noexcept { return ops_; }

  private:
    const detail::type_ops* ops_ = nullptr;
    const void* object_ = nullptr;
    std::shared_ptr<const void> own_;
};

} // namespace ctx
