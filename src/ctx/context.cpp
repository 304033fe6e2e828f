// SPDX-License-Identifier: MIT
#include "ctx/after_func.h"
#include "ctx/deadline.h"
#include "ctx/detail/format.h"
#include "ctx/detail/tree.h"

#include <algorithm>

namespace ctx {

using detail::node_access;

namespace {

/// The environment in front of a node; null in the real world.
detail::environment* own_env(const detail::node* n) noexcept {
    return detail::node_memory::own_env(n);
}

std::shared_ptr<detail::environment> shared_env(const detail::node* n) {
    return own_env(n) ? own_env(n)->shared_from_this() : nullptr;
}

} // namespace

context::context(std::shared_ptr<custom_context> c, call_site where)
    : context(std::move(c), background(), where) {}

context::context(std::shared_ptr<custom_context> c, const context& in_tree_of, call_site where) {
    if (!c) detail::panic("cannot create context from nil parent");
    detail::node* const in = in_tree_of.node_;
    node_ = detail::node_memory::make<detail::custom_node>(own_env(in), std::move(c), shared_env(in));
    detail::announce(node_, false, where);
}

bool context::same(const context& a, const context& b) noexcept {
    if (a.node_ == b.node_) return true;
    const detail::custom_node* x = a.node_->as_custom();
    const detail::custom_node* y = b.node_->as_custom();
    return x && y && x->impl == y->impl;
}

std::size_t context::hash() const noexcept {
    const detail::custom_node* x = node_->as_custom();
    return std::hash<const void*>()(x ? static_cast<const void*>(x->impl.get()) : node_);
}

std::optional<time_point> context::deadline() const {
    return detail::deadline_of(node_);
}
recv_chan<empty> context::done() const {
    return detail::done_of(node_);
}
any_value context::value(const any_key& k) const {
    return detail::value_of(node_, k);
}
std::string context::string() const {
    return detail::string_of(node_);
}

context background() noexcept {
    return {};
}
context todo() noexcept {
    return node_access::adopt(&detail::todo_root);
}

context todo(const context& in_tree_of, call_site where) {
    const detail::node* const in = node_access::get(in_tree_of);
    if (!own_env(in)) return todo();
    detail::node* n =
        detail::node_memory::make<detail::root_node>(own_env(in), made_by::todo, shared_env(in));
    detail::announce(n, false, where);
    return node_access::adopt(n);
}

context background(tree t, call_site where) {
    auto env = std::make_shared<detail::environment>(std::move(t));
    detail::node* n = detail::node_memory::make<detail::root_node>(env.get(), made_by::background, env);
    detail::announce(n, false, where);
    return node_access::adopt(n);
}

error cause(const context& c) {
    return detail::cause_of(node_access::get(c));
}

context with_value(context parent, const any_key& key, any_value value, call_site where) {
    if (!key) detail::panic("nil key");
    if (!key.comparable()) detail::panic("key is not comparable");
    detail::value_node* const n = detail::value_node::make(node_access::get(parent), key, std::move(value));
    detail::value_access::given_away(parent);
    return detail::value_access::made(n, where);
}

context without_cancel(const context& parent, call_site where) {
    detail::node* p = node_access::get(parent);
    detail::node* n = detail::node_memory::make<detail::without_cancel_node>(own_env(p), p);
    detail::announce(n, false, where);
    return node_access::adopt(n);
}

std::shared_ptr<clock> clock_of(const context& c) {
    return node_access::get(c)->env().shared_time();
}

node_id id_of(const context& c) noexcept {
    return node_access::get(c)->id();
}

std::optional<std::size_t> children_of(const context& c) {
    detail::cancel_node* n = node_access::get(c)->as_cancel();
    if (!n) return std::nullopt;
    return n->child_count();
}

std::size_t watchers_of(const context& c) noexcept {
    return node_access::get(c)->env().watchers.load(std::memory_order_acquire);
}

namespace {

/// A new node, until its handles are given out.
template <class N>
class unfinished {
  public:
    unfinished(N* n, std::uint32_t handles) noexcept : node_(n) { n->begin_with(handles); }
    unfinished(const unfinished&) = delete;
    unfinished& operator=(const unfinished&) = delete;
    ~unfinished() {
        if (node_) node_->never_began();
    }
    N* get() const noexcept { return node_; }
    N* operator->() const noexcept { return node_; }
    N* finish() noexcept { return std::exchange(node_, nullptr); }

  private:
    N* node_;
};

constexpr std::uint32_t context_and_function = 2; // handles

/// Makes a node under `parent` and joins it.
template <class N, class... A>
N* derive(const context& parent, const error* past_due_cause, const call_site& where, std::uint32_t handles,
          A&&... arguments) {
    detail::node* const p = node_access::get(parent);
    unfinished<N> n(detail::node_memory::make<N>(own_env(p), std::forward<A>(arguments)...), handles);
    if (own_env(p)) detail::announce(n.get(), past_due_cause || parent.err(), where);
    n->connect(past_due_cause);
    return n.finish();
}

/// The context and its cancel function.
template <class C>
C handles(detail::cancel_node* n) noexcept {
    return {node_access::adopt(n), node_access::function<decltype(C::cancel)>(n)};
}

template <class C = cancelable>
C derive_cancel(const context& parent, made_by asked, const call_site& where) {
    detail::node* const p = node_access::get(parent);
    if (!p->is_observed()) {
        unfinished<detail::cancel_node> n(
            detail::node_memory::make_quiet<detail::cancel_node>(own_env(p), asked, p), context_and_function);
        if (!n->connect_simply()) n->connect(nullptr);
        return handles<C>(n.finish());
    }
    return handles<C>(derive<detail::cancel_node>(parent, nullptr, where, context_and_function, asked,
                                                  node_access::get(parent)));
}

time_point now_of(const context& c) {
    detail::environment* const own = own_env(node_access::get(c));
    return own ? own->time().now() : std::chrono::steady_clock::now();
}

cancelable derive_deadline(const context& parent, time_point d, time_point now, const error& cause,
                           made_by asked, const call_site& where,
                           const std::optional<system_time>& wall = {}) {
    detail::node* const p = node_access::get(parent);
    if (p->kind() != detail::kind::root)
        if (const auto earlier = parent.deadline(); earlier && *earlier < d)
            return derive_cancel(parent, asked, where); // CTX-082
    if (!p->is_observed() && d > now) {
        using detail::node_memory, detail::deadline_node;
        detail::environment* const own = own_env(p);
        unfinished<deadline_node> n(cause || wall
                                        ? node_memory::make<deadline_node>(own, asked, p, d, cause, wall)
                                        : node_memory::make<deadline_node>(own, asked, p, d),
                                    context_and_function);
        if (n->begin_simply()) return handles<cancelable>(n.finish());
        n->connect(nullptr);
        cancelable made = handles<cancelable>(n.get());
        n.finish()->arm();
        return made;
    }
    auto* const n =
        derive<detail::deadline_node>(parent, d <= now ? &cause : nullptr, where, context_and_function, asked,
                                      node_access::get(parent), d, cause, wall);
    cancelable made = handles<cancelable>(n);
    n->arm();
    return made;
}

/// The distance from now is taken once, and kept on the monotonic clock. CTX-090
cancelable derive_wall(const context& parent, system_time d, const error& cause, made_by asked,
                       const call_site& where) {
    const time_point now = now_of(parent);
    const system_time wall_now = node_access::get(parent)->env().time().to_system(now);
    duration::rep ahead = 0;
    if (__builtin_sub_overflow(d.time_since_epoch().count(), wall_now.time_since_epoch().count(), &ahead))
        ahead = d.time_since_epoch().count() > 0 ? duration::max().count() : duration::min().count();
    return derive_deadline(parent, saturating_add(now, duration(ahead)), now, cause, asked, where, d);
}

cancelable derive_timeout(const context& parent, duration t, const error& cause, made_by asked,
                          const call_site& where) {
    const time_point now = now_of(parent);
    return derive_deadline(parent, saturating_add(now, t), now, cause, asked, where);
}

} // namespace

cancelable with_cancel(const context& parent, call_site where) {
    return derive_cancel(parent, made_by::with_cancel, where);
}

cause_cancelable with_cancel_cause(const context& parent, call_site where) {
    return derive_cancel<cause_cancelable>(parent, made_by::with_cancel_cause, where);
}

cancelable with_deadline(const context& parent, time_point d, call_site where) {
    return derive_deadline(parent, d, now_of(parent), {}, made_by::with_deadline, where);
}
cancelable with_deadline(const context& parent, system_time d, call_site where) {
    return derive_wall(parent, d, {}, made_by::with_deadline, where);
}
cancelable with_deadline_cause(const context& parent, time_point d, error cause, call_site where) {
    return derive_deadline(parent, d, now_of(parent), cause, made_by::with_deadline_cause, where);
}
cancelable with_deadline_cause(const context& parent, system_time d, error cause, call_site where) {
    return derive_wall(parent, d, cause, made_by::with_deadline_cause, where);
}
cancelable with_timeout(const context& parent, duration t, call_site where) {
    return derive_timeout(parent, t, {}, made_by::with_timeout, where);
}
cancelable with_timeout_cause(const context& parent, duration t, error cause, call_site where) {
    return derive_timeout(parent, t, cause, made_by::with_timeout_cause, where);
}

void cancel_func::operator()(call_site where) const {
    detail::cancel_node* const n = node_ ? node_->as_cancel() : nullptr;
    if (!n || n->cancel_simply(canceled)) return;
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), canceled, where);
    n->cancel({}, {.where = &where});
}

void cancel_cause_func::operator()(const error& cause, call_site where) const {
    detail::cancel_node* const n = node_ ? node_->as_cancel() : nullptr;
    if (!n || n->cancel_simply(cause ? cause : canceled)) return;
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), cause ? cause : canceled, where);
    n->cancel(cause, {.where = &where});
}

stop_func after_func(const context& c, detail::callback f, call_site where) {
    return node_access::function<stop_func>(
        derive<detail::registration_node>(c, nullptr, where, 1, node_access::get(c), std::move(f)));
}

bool stop_func::operator()() const {
    return node_ && node_->as_cancel()->as_registration()->stop();
}

node_id stop_func::id() const noexcept {
    return node_ ? node_->id() : 0;
}

} // namespace ctx
