// SPDX-License-Identifier: MIT
#include "ctx/after_func.h"
#include "ctx/deadline.h"
#include "ctx/detail/format.h"
#include "ctx/detail/node.h"

#include <algorithm>

namespace ctx {

using detail::node_access;

namespace {

detail::node* static_root(made_by asked) {
    // Never destroyed: contexts may be in use while the process exits.
    return new detail::root_node(asked, detail::environment::real(), true);
}

detail::node* background_node() noexcept {
    static detail::node* const n = static_root(made_by::background);
    return n;
}

detail::node* todo_node() noexcept {
    static detail::node* const n = static_root(made_by::todo);
    return n;
}

} // namespace

context::context() noexcept : node_(background_node()) {}

context::context(std::shared_ptr<custom_context> c, call_site where)
    : context(std::move(c), background(), where) {}

context::context(std::shared_ptr<custom_context> c, const context& in_tree_of, call_site where) {
    if (!c) detail::panic("cannot create context from nil parent");
    detail::environment& env = in_tree_of.node_->env();
    node_ = detail::node::make<detail::custom_node>(env, std::move(c), env.shared_from_this());
    detail::announce(node_, false, where);
}

context::context(const context& o) noexcept : node_(o.node_) {
    node_->retain();
}
context::context(context&& o) noexcept : node_(std::exchange(o.node_, background_node())) {}
context& context::operator=(context o) noexcept {
    std::swap(node_, o.node_);
    return *this;
}
context::~context() {
    node_->release();
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
    return node_->deadline();
}
recv_chan<empty> context::done() const {
    return node_->done();
}
error context::err() const {
    return node_->err();
}
any_value context::value(const any_key& k) const {
    return node_->value(k);
}
std::string context::string() const {
    return node_->string();
}

context background() noexcept {
    return node_access::share(background_node());
}
context todo() noexcept {
    return node_access::share(todo_node());
}

context todo(const context& in_tree_of, call_site where) {
    detail::environment& env = node_access::get(in_tree_of)->env();
    detail::node* n =
        detail::node::make<detail::root_node>(env, made_by::todo, env.shared_from_this(), false);
    detail::announce(n, false, where);
    return node_access::adopt(n);
}

context background(tree t, call_site where) {
    auto env = std::make_shared<detail::environment>(std::move(t));
    detail::node* n = detail::node::make<detail::root_node>(*env, made_by::background, env, false);
    detail::announce(n, false, where);
    return node_access::adopt(n);
}

error cause(const context& c) {
    return node_access::get(c)->cause();
}

context with_value(const context& parent, const any_key& key, any_value value, call_site where) {
    if (!key) detail::panic("nil key");
    if (!key.comparable()) detail::panic("key is not comparable");
    detail::node* p = node_access::get(parent);
    detail::node* n = detail::node::make<detail::value_node>(p->env(), p, key, std::move(value));
    detail::announce(n, n->watched_by() && n->err(), where);
    return node_access::adopt(n);
}

context without_cancel(const context& parent, call_site where) {
    detail::node* p = node_access::get(parent);
    detail::node* n = detail::node::make<detail::without_cancel_node>(p->env(), p);
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
context derive(const context& parent, const error* past_due_cause, const call_site& where, A&&... arguments) {
    detail::node* p = node_access::get(parent);
    N* n = detail::node::make<N>(p->env(), std::forward<A>(arguments)...);
    context c = node_access::adopt(n);
    detail::announce(n, past_due_cause || (n->watched_by() && parent.err()), where);
    n->connect(past_due_cause);
    return c;
}

cancelable derive_cancel(const context& parent, made_by asked, const call_site& where) {
    context c = derive<detail::cancel_node>(parent, nullptr, where, asked, node_access::get(parent));
    return {c, node_access::function<cancel_func>(c)};
}

cancelable derive_deadline(const context& parent, time_point d, error cause, made_by asked,
                           const call_site& where, const std::optional<system_time>& wall = {}) {
    if (const auto earlier = parent.deadline(); earlier && *earlier < d)
        return derive_cancel(parent, asked, where); // CTX-082
    const bool past = d <= node_access::get(parent)->env().time().now();
    context c = derive<detail::deadline_node>(parent, past ? &cause : nullptr, where, asked,
                                              node_access::get(parent), d, cause, wall);
    if (!past) static_cast<detail::deadline_node*>(node_access::get(c)->as_cancel())->arm();
    return {c, node_access::function<cancel_func>(c)};
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
    cancelable made = derive_cancel(parent, made_by::with_cancel_cause, where);
    return {made.context, node_access::function<cancel_cause_func>(made.context)};
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
    if (!context_) return;
    detail::cancel_node* n = node_access::get(*context_)->as_cancel();
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), canceled, where);
    n->cancel(canceled, {}, {.where = &where});
}

void cancel_cause_func::operator()(const error& cause, call_site where) const {
    if (!context_) return;
    detail::cancel_node* n = node_access::get(*context_)->as_cancel();
    if (observer* o = n->watched_by()) o->cancel_called_at(n->id(), cause ? cause : canceled, where);
    n->cancel(canceled, cause, {.where = &where});
}

stop_func after_func(const context& c, std::function<void()> f, call_site where) {
    context r = derive<detail::registration_node>(c, nullptr, where, node_access::get(c), std::move(f));
    return node_access::function<stop_func>(std::move(r));
}

bool stop_func::operator()() const {
    return registration_ && node_access::get(*registration_)->as_cancel()->as_registration()->stop();
}

node_id stop_func::id() const noexcept {
    return registration_ ? id_of(*registration_) : 0;
}

} // namespace ctx
