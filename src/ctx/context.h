// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/chan.h"
#include "ctx/clock.h"
#include "ctx/detail/node.h"
#include "ctx/detail/value_node.h"
#include "ctx/error.h"
#include "ctx/observer.h"
#include "ctx/value.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// Go's context.Context: a deadline, a cancellation signal and values that travel with a request.
///
///     void handle(ctx::context c) {
///         switch (ctx::select(ctx::recv(results), ctx::recv(c.done()))) {
///         case 0: return;
///         case 1: log(c.err().text(), ctx::cause(c).text());
///         }
///     }
///
/// A context is a cheap handle, never null. It is made from a parent by with_cancel (cancel.h), with_deadline
/// and with_timeout (deadline.h), with_value and without_cancel below; or by deriving from custom_context.
///
/// Thread safety: everything may be called from any number of threads at once (CTX-001). A handle itself is a
/// value: do not assign to one that another thread reads. Memory order: what happened before the cancel is
/// visible to whoever sees Done closed or err() set (CTX-195). Cause is published before err, err before
/// waiters are woken; err() and done().closed() read the same word (CTX-008). Lifetime: a handle keeps its
/// ancestors alive. Dropping handles cancels nothing (CTX-302).
namespace ctx {

class context;
class custom_context;
class scheduler;

namespace detail {
struct node_access;
struct value_access;
} // namespace detail

/// What a tree of contexts lives in. Everything left out is the real world's.
struct tree {
    std::shared_ptr<ctx::clock> clock; ///< default: real_clock()
    ctx::scheduler* scheduler =
        nullptr; ///< runs callbacks and watchers; default: a thread each. Must outlive the tree.
    std::shared_ptr<ctx::observer> observer; ///< default: none
    /// Siblings are cancelled in order of creation; with a seed, in a random order (CTX-193).
    std::optional<std::uint64_t> sibling_seed;
};

class context {
  public:
    /// Background.
    context() noexcept : node_(&detail::background_root) {}
    /// A context of your own. Throws std::invalid_argument `cannot create context from nil parent` for null
    /// (CTX-230).
    context(std::shared_ptr<custom_context> c, call_site where = call_site::current());
    /// The same, living in the tree of another context: with its clock, observer and scheduler.
    context(std::shared_ptr<custom_context> c, const context& in_tree_of,
            call_site where = call_site::current());
    context(std::nullptr_t) = delete;

    context(const context& o) noexcept : node_(o.node_) { node_->retain(); }
    /// The moved-from handle becomes Background: a context is never null.
    context(context&& o) noexcept : node_(std::exchange(o.node_, &detail::background_root)) {}
    context& operator=(context o) noexcept {
        std::swap(node_, o.node_);
        return *this;
    }
    ~context() { detail::node::release(node_); }

    /// When it will be done by itself, at the latest; the answer never changes (CTX-002, CTX-003).
    std::optional<time_point> deadline() const;
    /// Closed when it is done; the nil channel if it can never be (CTX-004). The same one every time.
    recv_chan<empty> done() const;
    /// Empty until it is done, then for ever the same error (CTX-007). One atomic load.
    error err() const { return detail::err_of(node_); }
    /// Go: `select { case <-c.Done(): true; default: false }`. One atomic load; err() is set when it is true
    /// (CTX-008).
    bool is_done() const { return detail::is_done(node_); }

    /// What the nearest binding of `k` holds, or null (CTX-110). A nil binding hides those above it
    /// (CTX-112). A loop: O(depth), no recursion. Lives as long as this handle.
    template <class T>
    const T* value(const key<T>& k) const {
        return static_cast<const T*>(detail::near_value_of(node_, k, alignof(T)));
    }
    any_value value(const any_key& k) const;

    /// Go's printed form: `context.Background.WithCancel` (CTX-210).
    std::string string() const;

    /// The same object (CTX-012).
    friend bool operator==(const context& a, const context& b) noexcept { return same(a, b); }

  private:
    friend struct detail::node_access;
    friend struct detail::value_access;
    friend struct std::hash<context>;
    template <class>
    friend struct cancelable_by;
    explicit context(detail::node* adopted) noexcept : node_(adopted) {}
    static bool same(const context& a, const context& b) noexcept;
    std::size_t hash() const noexcept;
    detail::node* node_; // never null
};

/// Implement this for a context type of your own (Go: any type with the four methods).
///
/// done() gives the same channel every time; when it is closed, err() is set. A type that forwards all four
/// methods to an inner context costs nothing: its children are linked to the node behind it (CTX-161).
class custom_context {
  public:
    virtual ~custom_context() = default;
    virtual std::optional<time_point> deadline() const = 0;
    virtual recv_chan<empty> done() const = 0;
    virtual error err() const = 0;
    /// What is returned must live as long as this object. Pass keys you do not know on to the inner context.
    virtual any_value value(const any_key& k) const = 0;
    /// What the printed form shows: Go prints the String method's result or the type's name (CTX-211).
    virtual std::string string() const = 0;
};

/// Derive from this too if your type can run callbacks itself when it is done (Go: an AfterFunc method,
/// CTX-160 step 4). `f` may be called in any thread, also before after_func returns; the function returned
/// takes the registration back and tells whether it prevented the call.
class custom_after_func {
  public:
    virtual ~custom_after_func() = default;
    virtual std::function<bool()> after_func(std::function<void()> f) = 0;
};

/// Never done, no values, no deadline (CTX-020). Costs nothing.
context background() noexcept;
/// The same under another name, for places where it is not yet clear which context to use (CTX-021,
/// TEACH-027).
context todo() noexcept;
/// The same, living in the tree of another context: with its clock, observer and scheduler.
[[nodiscard]] context todo(const context& in_tree_of, call_site where = call_site::current());
/// The Background of a tree of its own: with another clock, an observer, a scheduler.
[[nodiscard]] context background(tree t, call_site where = call_site::current());

/// Why `c` is done: the cause given to the first cancellation that reached it, else its err(); empty while it
/// is not done. CTX-060 ... CTX-068
error cause(const context& c);

namespace detail {

/// How the templates below make contexts.
struct value_access {
    static node* node_of(const context& c) noexcept { return c.node_; }
    static context made(value_node* n, const call_site& where) {
        if (n->is_observed()) announce_value(n, where);
        return context(n);
    }
    /// Its reference is a child's from now on.
    static void given_away(context& parent) noexcept { parent.node_ = &background_root; }
};

} // namespace detail

/// A view of `parent` that answers `value` for `key` (CTX-110). One allocation. A handle that is not needed
/// any more is best given away: `c = ctx::with_value(std::move(c), key, value)` counts nothing.
/// Throws std::invalid_argument `nil key` or `key is not comparable` (CTX-231).
[[nodiscard]] context with_value(context parent, const any_key& key, any_value value,
                                 call_site where = call_site::current());

/// The value is made in the context's own memory.
template <class T, class U>
[[nodiscard]] context with_value(context parent, const key<T>& k, U&& value,
                                 call_site where = call_site::current()) {
    static_assert(std::constructible_from<T, U&&>, "with_value: the value does not fit the key's type");
    if constexpr (alignof(T) > alignof(std::max_align_t)) {
        return with_value(std::move(parent), any_key(k), any_value(T(std::forward<U>(value))), where);
    } else {
        using detail::value_access, detail::value_node;
        value_node* const n = value_node::make(value_access::node_of(parent), &k, value_node::shape_of<T>);
        value_access::given_away(parent);
        if constexpr (std::is_nothrow_constructible_v<T, U&&>) {
            new (n->value_at(alignof(T))) T(std::forward<U>(value));
        } else {
            try {
                new (n->value_at(alignof(T))) T(std::forward<U>(value));
            } catch (...) {
                value_node::abandon(n);
                throw;
            }
        }
        return value_access::made(n, where);
    }
}
/// Binds nil: hides the bindings above (CTX-112).
template <class T>
[[nodiscard]] context with_value(context parent, const key<T>& k, std::nullptr_t,
                                 call_site where = call_site::current()) {
    using detail::value_access, detail::value_node;
    value_node* const n = value_node::make(value_access::node_of(parent), &k, value_node::shape_of_nil);
    value_access::given_away(parent);
    return value_access::made(n, where);
}
/// The values of `parent` and nothing else of it: never done, no deadline, no cause (CTX-130).
[[nodiscard]] context without_cancel(const context& parent, call_site where = call_site::current());

/// The clock of the context's tree.
std::shared_ptr<clock> clock_of(const context& c);
/// The id by which the observer of its tree knows it; 0 without one.
node_id id_of(const context& c) noexcept;
/// How many children and registrations are in its child set now; empty for a context that is not a node
/// (CTX-300).
std::optional<std::size_t> children_of(const context& c);
/// Watchers of foreign Done channels that are alive in its tree (CTX-167).
std::size_t watchers_of(const context& c) noexcept;

} // namespace ctx

template <>
struct std::hash<ctx::context> {
    std::size_t operator()(const ctx::context& c) const noexcept { return c.hash(); }
};
