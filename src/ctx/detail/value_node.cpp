// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

/// How value nodes are made and freed.
namespace ctx::detail {

struct value_node::surroundings {
    node* above = nullptr;
    unsigned place = 0;
    unsigned groups = 0;  // of a landmark
    node* next = nullptr; // of a landmark

    explicit surroundings(node* parent) noexcept;

  private:
    /// Of a landmark, below `n`.
    void end_group(const value_node* n) noexcept;
};

/// Bounded, so that a value below thousands of cancel nodes costs no more than another one. A search walks on
/// from where this ends.
static constexpr int most_hops = 16;

constexpr std::size_t value_node::size_with(std::size_t fields, const value_shape& shape) noexcept {
    constexpr std::size_t simple_room = 8, step = 16;
    const std::size_t end =
        shape.flags & simple ? fields + simple_room : aligned(fields, shape.align) + shape.size;
    return aligned(end, step);
}

/// Of one that is not a landmark, with a simple value.
constexpr std::size_t value_node::small_size() noexcept {
    return size_with(sizeof(value_node), {0, 1, simple});
}

/// Its count is about to change: a processor that has to fetch it from another one need do so only once.
static void want_to_count(const node* n) noexcept {
    if (n != &background_root) __builtin_prefetch(n, 1);
}

static const value_node* value_or_null(const node* n) noexcept {
    return n && n->kind() == kind::value ? static_cast<const value_node*>(n) : nullptr;
}

inline value_node::surroundings::surroundings(node* parent) noexcept : above(parent) {
    for (int hops = 0; above && hops < most_hops; ++hops) {
        if (above->kind() == kind::value || above->kind() == kind::custom) break;
        above = above->parent();
    }
    const value_node* const n = value_or_null(above);
    if (!n || n->is_landmark()) return;
    place = n->place() + 1;
    if (place == group - 1) end_group(n);
}

void value_node::surroundings::end_group(const value_node* n) noexcept {
    for (unsigned i = n->place(); i > 0; --i) n = static_cast<value_node*>(n->above());
    next = n->above();
    // Groups of one size are joined, so that a tag is copied once each time their number doubles.
    for (groups = 1; groups < most_groups; groups *= 2) {
        const value_node* const before = value_or_null(next);
        if (!before || !before->is_landmark() || before->groups() != groups) break;
        next = before->next();
    }
}

value_node::value_node(node* parent, const key_base* k, std::uint8_t flags,
                       const surroundings& around) noexcept
    : view_node(kind::value, made_by::with_value, parent, parent->done_owner()), key_(k),
      above_(reinterpret_cast<std::uintptr_t>(around.above) |
             (around.groups != 0 ? landmark : around.place)) {
    flags_ |= flags;
}

value_node* value_node::make(node* parent, const key_base* key, const value_shape& shape) {
    want_to_count(parent);
    const surroundings around(parent);
    environment* const own_env = node_memory::own_env(parent);
    if (shape.flags == simple && around.groups == 0 && !own_env)
        return new (pool_take(small_size())) value_node(parent, key, simple, around);
    const std::size_t size = size_with(sizeof(value_node) + index_size(around.groups), shape);
    auto* const n = node_memory::make_sized<value_node>(own_env, size, parent, key, shape.flags, around);
    if (around.groups != 0) n->fill_index(around);
    return n;
}

value_node* value_node::make(node* parent, const any_key& key, any_value held) {
    value_node* const n = make(parent, key.typed(), shape_of_run_time);
    new (n->value_at(alignof(run_time_binding))) run_time_binding{key, std::move(held)};
    if (n->is_landmark()) *n->own_tag() = n->tag();
    return n;
}

/// All tags but that of a key known at run time, which is not there yet.
void value_node::fill_index(const surroundings& around) noexcept {
    std::memset(static_cast<void*>(this + 1), 0,
                index_size(around.groups) - (around.groups - 1) * sizeof(node*));
    const auto log = static_cast<unsigned>(std::countr_zero(around.groups));
    auto* above_that = reinterpret_cast<std::uintptr_t*>(this + 1);
    *const_cast<std::uintptr_t*>(next_slot()) = reinterpret_cast<std::uintptr_t>(around.next) | log;
    std::uint8_t* tag = own_tag();
    auto* head = reinterpret_cast<const value_node**>(tag + tag_bytes());
    *tag++ = key_ ? tag_of(key_) : std::uint8_t{0};
    node* up = above();
    for (unsigned i = 1; i < group; ++i) {
        const auto* const n = static_cast<const value_node*>(up);
        if (i > 1) *above_that++ = reinterpret_cast<std::uintptr_t>(n);
        *tag++ = n->tag();
        up = n->above();
    }
    for (unsigned done = 1; done < around.groups; done *= 2) {
        const auto* const n = static_cast<const value_node*>(up);
        std::memcpy(tag, n->tags(), std::size_t{done} * group);
        tag += std::size_t{done} * group;
        *head++ = n;
        head = std::copy_n(n->heads(), done - 1, head);
        up = n->next();
    }
}

void value_node::abandon(value_node* n) noexcept {
    node* const up = n->parent_;
    n->flags_ |= nil;
    node_memory::free(n);
    release(up);
}

bool value_node::free_small(value_node* n) noexcept {
    want_to_count(n->parent_);
    if (n->flags_ != simple || n->is_landmark()) return false;
    n->~value_node();
    pool_put(n, small_size());
    return true;
}

std::size_t value_node::destroy_value() noexcept {
    value_shape shape = shape_of_run_time;
    shape.flags = flags_;
    if (is_run_time()) {
        binding().~run_time_binding();
    } else if (!(flags_ & simple)) {
        const type_ops* const type = key_->ops();
        shape.size = type->size;
        shape.align = type->align;
        if (type->destroy && !is_nil()) type->destroy(value_at(type->align));
    }
    return size_with(fields_size(), shape);
}

void node_memory::free_value(value_node* n, std::size_t room) noexcept {
    const std::size_t size = n->destroy_value();
    n->~value_node();
    pool_put(start_of(n) - room, room + size);
}

std::string value_node::key_string() const {
    return is_run_time() ? binding().key.string() : key_->string();
}

std::string value_node::value_string() const {
    if (is_run_time()) return binding().held.string();
    const type_ops* const type = key_->ops();
    return is_nil() ? any_value().string() : type->show(value_at(type->align));
}

void keeper::retain() noexcept {
    if (at_ & is_node)
        reinterpret_cast<node*>(at_ - is_node)->retain();
    else
        reinterpret_cast<shared_object*>(at_)->retain();
}

void keeper::release() noexcept {
    if (at_ & is_node)
        node::release(reinterpret_cast<node*>(at_ - is_node));
    else
        reinterpret_cast<shared_object*>(at_)->release();
}

keeper keeper::of(node* n) noexcept {
    n->retain();
    keeper k;
    k.at_ = reinterpret_cast<std::uintptr_t>(n) | is_node;
    return k;
}

} // namespace ctx::detail
