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

context with_value(const context& parent, const any_key& key, any_value value, call_site where) {
    if (!key) detail::panic("nil key");
    if (!key.comparable()) detail::panic("key is not comparable");
    return detail::value_access::made(
        detail::value_node::make(node_access::get(parent), key, std::move(value)), where);
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

/// Makes a node under `parent` and joins it.
template <class N, class... A>
detail::ref<N> derive(const context& parent, const error* past_due_cause, const call_site& where,
                      A&&... arguments) {
    detail::node* p = node_access::get(parent);
    auto n = detail::ref<N>::adopt(detail::node_memory::make<N>(own_env(p), std::forward<A>(arguments)...));
    if (n->watched_by()) detail::announce(n.get(), past_due_cause || parent.err(), where);
    n->connect(past_due_cause);
    return n;
}

/// The context and its cancel function.
template <class C, class N>
C handles(detail::ref<N> made) {
    detail::cancel_node* const n = made.detach();
    n->node::retain();
    return {node_access::adopt(n), node_access::function<decltype(C::cancel)>(n)};
}

template <class C = cancelable>
C derive_cancel(const context& parent, made_by asked, const call_site& where) {
    return handles<C>(derive<detail::cancel_node>(parent, nullptr, where, asked, node_access::get(parent)));
}

cancelable derive_deadline(const context& parent, time_point d, error cause, made_by asked,
                           const call_site& where, const std::optional<system_time>& wall = {}) {
    if (const auto earlier = parent.deadline(); earlier && *earlier < d)
        return derive_cancel(parent, asked, where); // CTX-082
    const bool past = d <= node_access::get(parent)->env().time().now();
    auto n = derive<detail::deadline_node>(parent, past ? &cause : nullptr, where, asked,
                                           node_access::get(parent), d, cause, wall);
    if (!past) n->arm();
    return handles<cancelable>(std::move(n));
}

/// The distance from now is taken once, and kept on the monotonic clock. CTX-090
time_point from_wall(const context& parent, system_time d) {
    const clock& time = node_access::get(parent)->env().time();
    const time_point now = time.now();
    duration::rep ahead = 0;
    if (__builtin_sub_overflow(d.time_since_epoch().count(), time.to_system(now).time_since_epoch().count(),
                               &ahead))
        ahead = d.time_since_epoch().count() > 0 ? duration::max().count() : duration::min().count();
    return saturating_add(now, duration(ahead));
}

time_point from_now(const context& parent, duration t) {
    return saturating_add(node_access::get(parent)->env().time().now(), t);
}

} // namespace

cancelable with_cancel(const context& parent, call_site where) {
    return derive_cancel(parent, made_by::with_cancel, where);
}

cause_cancelable with_cancel_cause(const context& parent, call_site where) {
    return derive_cancel<cause_cancelable>(parent, made_by::with_cancel_cause, where);
}

cancelable with_deadline(const context& parent, time_point d, call_site where) {
    return derive_deadline(parent, d, {}, made_by::with_deadline, where);
}
cancelable with_deadline(const context& parent, system_time d, call_site where) {
    return derive_deadline(parent, from_wall(parent, d), {}, made_by::with_deadline, where, d);
}
cancelable with_deadline_cause(const context& parent, time_point d, error cause, call_site where) {
    return derive_deadline(parent, d, std::move(cause), made_by::with_deadline_cause, where);
}
cancelable with_deadline_cause(const context& parent, system_time d, error cause, call_site where) {
    return derive_deadline(parent, from_wall(parent, d), std::move(cause), made_by::with_deadline_cause,
                           where, d);
}
cancelable with_timeout(const context& parent, duration t, call_site where) {
    return derive_deadline(parent, from_now(parent, t), {}, made_by::with_timeout, where);
}
cancelable with_timeout_cause(const context& parent, duration t, error cause, call_site where) {
    return derive_deadline(parent, from_now(parent, t), std::move(cause), made_by::with_timeout_cause, where);
}

void cancel_func::operator()(call_site where) const {
    detail::cancel_node* const n = node_ ? node_->as_cancel() : nullptr;
    if (!n) return;
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), canceled, where);
    n->cancel(canceled, {}, {.where = &where});
}

void cancel_cause_func::operator()(const error& cause, call_site where) const {
    detail::cancel_node* const n = node_ ? node_->as_cancel() : nullptr;
    if (!n) return;
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), cause ? cause : canceled, where);
    n->cancel(canceled, cause, {.where = &where});
}

stop_func after_func(const context& c, detail::callback f, call_site where) {
    return node_access::function<stop_func>(
        derive<detail::registration_node>(c, nullptr, where, node_access::get(c), std::move(f)).detach());
}

bool stop_func::operator()() const {
    return node_ && node_->as_cancel()->as_registration()->stop();
}

node_id stop_func::id() const noexcept {
    return node_ ? node_->id() : 0;
}

} // namespace ctx
