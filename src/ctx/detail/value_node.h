// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/node.h"
#include "ctx/value.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>

/// A context that binds a value, and what makes looking up faster than walking from one to the next.
///
/// Above a value node stands the next one, whatever is between them. Of five in a row the last is a
/// *landmark*: it knows the other four, and carries a tag, one byte that is a hash of its key, for each of
/// the five. If the chain goes on above with a landmark that has no more tags, these are added, so that the
/// tags of a long chain stand in few places, O(log depth) of them: those of 1 to 16 groups of five. A search
/// compares sixteen tags at a time, and looks at keys only where a tag says so.
///
/// All of it is in one piece of memory, and does not change:
///
///     the node: | who counts it, whose Done | key | above | three more | next | tags | heads | value |
///                                                         `--------- landmarks ---------'
/// Tags are newest first, and nobody's are 0. Next stands above the last whose tag is here. Heads are the
/// landmarks of the second and further groups.
namespace ctx::detail {

/// A binding of which key or value are known at run time.
struct run_time_binding {
    any_key key;
    any_value held;
};

/// What a value node has room for.
struct value_shape {
    std::uint32_t size;
    std::uint32_t align;
    std::uint8_t flags;
};

class value_node final : public view_node {
  public:
    static constexpr unsigned group = 5;
    static constexpr unsigned most_groups = 16;
    static constexpr std::size_t tags_at_once = 16;

    enum layout : std::uint8_t {
        nil = 32,      // a typed key without a value
        run_time = 64, // a run_time_binding
        simple = 128   // a value of up to eight bytes without a destructor
    };
    template <class T>
    static constexpr value_shape shape_of = {
        sizeof(T), alignof(T),
        sizeof(T) <= 8 && std::is_trivially_destructible_v<T> ? simple : std::uint8_t{0}};
    static constexpr value_shape shape_of_nil = {0, 1, nil | simple};
    static constexpr value_shape shape_of_run_time = {sizeof(run_time_binding), alignof(run_time_binding),
                                                      run_time};

    /// A child of `parent` with room for a value, which the caller makes, or calls abandon(). It takes over a
    /// reference to the parent.
    static value_node* make(node* parent, const key_base* key, const value_shape& shape);
    static void abandon(value_node* n) noexcept;
    static value_node* make(node* parent, const any_key& key, any_value held);
    /// Frees it if there is nothing to be done but to give back its memory.
    static bool free_small(value_node* n) noexcept;

    /// Null for a key known at run time.
    const key_base* key() const noexcept { return key_; }
    bool is_nil() const noexcept { return (flags_ & nil) != 0; }
    /// It holds a value of its key's type.
    bool is_plain() const noexcept { return (flags_ & (nil | run_time)) == 0; }
    bool is_run_time() const noexcept { return (flags_ & run_time) != 0; }
    /// The next value node above; or what is to be asked if there is none so near: a custom context, or any
    /// node to walk on from; or null: nobody.
    node* above() const noexcept { return reinterpret_cast<node*>(above_ & ~low_bits); }

    bool is_landmark() const noexcept { return (above_ & landmark) != 0; }
    /// Value nodes above this one in its group, if it is not a landmark.
    unsigned place() const noexcept { return above_ & place_bits; }
    // Of a landmark:
    unsigned groups() const noexcept { return 1u << (*next_slot() & low_bits); }
    /// Like above(), of the last of those whose tags stand here.
    node* next() const noexcept { return reinterpret_cast<node*>(*next_slot() & ~low_bits); }
    std::size_t tag_bytes() const noexcept { return padded(groups() * group); }
    const std::uint8_t* tags() const noexcept {
        return reinterpret_cast<const std::uint8_t*>(next_slot() + 1);
    }
    /// The value node whose tag is the `i`th.
    const value_node* nth(unsigned i) const noexcept {
        const value_node* const head = i < group ? this : heads()[i / group - 1];
        i %= group;
        return i == 0 ? head : reinterpret_cast<const value_node*>((&head->above_)[i - 1] & ~low_bits);
    }

    void* value_at(std::size_t align) const noexcept {
        return const_cast<std::byte*>(reinterpret_cast<const std::byte*>(this)) +
               aligned(fields_size(), align);
    }
    const run_time_binding& binding() const noexcept {
        return *std::launder(static_cast<const run_time_binding*>(value_at(alignof(run_time_binding))));
    }
    std::uint8_t tag() const noexcept;

    std::string key_string() const;
    std::string value_string() const;

  private:
    friend struct node_memory;
    static constexpr std::uintptr_t place_bits = 3, landmark = 4, low_bits = 7;

    /// What stands above a node that is being made.
    struct surroundings;

    value_node(node* parent, const key_base* k, std::uint8_t flags, const surroundings& around) noexcept;
    ~value_node() = default;

    static constexpr std::size_t aligned(std::size_t at, std::size_t align) noexcept {
        return (at + align - 1) & ~(align - 1);
    }
    static constexpr std::size_t padded(std::size_t tags) noexcept { return aligned(tags, tags_at_once); }
    static constexpr std::size_t size_with(std::size_t fields, const value_shape& shape) noexcept;
    static constexpr std::size_t small_size() noexcept;
    static constexpr std::size_t index_size(unsigned groups) noexcept {
        return groups == 0 ? 0
                           : (group - 1) * sizeof(std::uintptr_t) + padded(groups * group) +
                                 (groups - 1) * sizeof(node*);
    }
    inline std::size_t fields_size() const noexcept;
    const std::uintptr_t* next_slot() const noexcept {
        return reinterpret_cast<const std::uintptr_t*>(this + 1) + (group - 2);
    }
    const value_node* const* heads() const noexcept {
        return reinterpret_cast<const value_node* const*>(tags() + tag_bytes());
    }
    std::uint8_t* own_tag() noexcept { return const_cast<std::uint8_t*>(tags()); }
    void fill_index(const surroundings& around) noexcept;
    /// Gives the size of the node.
    std::size_t destroy_value() noexcept;

    const key_base* const key_;
    std::uintptr_t above_;
};
static_assert(alignof(node) >= 8, "addresses of nodes have three bits to spare");

inline std::size_t value_node::fields_size() const noexcept {
    return sizeof(value_node) + (is_landmark() ? index_size(groups()) : 0);
}

/// One byte of a hash, never 0.
inline std::uint8_t tag_of(std::size_t hash) noexcept {
    const auto tag = static_cast<std::uint8_t>((std::uint64_t{hash} * 0x9E3779B97F4A7C15u) >> 56);
    return tag + (tag == 0);
}
inline std::uint8_t tag_of(const key_base* k) noexcept {
    return tag_of(static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(k)));
}
inline std::uint8_t value_node::tag() const noexcept {
    return is_run_time() && !key_ ? tag_of(binding().key.hash()) : tag_of(key_);
}

/// What the nearest binding of `k` above `n` holds, if it has the type of the key's values; or null. `align`:
/// of that type. Tells the observer. (lookup.cpp)
const void* typed_value_of(node* n, const key_base& k, std::size_t align);
/// The same, of a landmark: only the tags from the `i`th on count, which is one of those to look at.
const void* tagged_value_of(const value_node* n, std::size_t i, const key_base& k, std::size_t align);

/// The first of `count` tags from the `i`th on that is `wanted`, or `count`, which is a multiple of
/// tags_at_once.
inline std::size_t find_tag(const std::uint8_t* tags, std::size_t i, std::size_t count,
                            std::uint8_t wanted) noexcept {
#ifdef __SSE2__
    using sixteen = char __attribute__((vector_size(16)));
    const sixteen pattern = sixteen{} + static_cast<char>(wanted);
    unsigned looked_for = ~0u << i % 16;
    for (i -= i % 16; i < count; i += 16) {
        sixteen some;
        std::memcpy(&some, tags + i, 16);
        const auto at =
            static_cast<unsigned>(__builtin_ia32_pmovmskb128(reinterpret_cast<sixteen>(some == pattern))) &
            looked_for;
        if (at != 0) return i + static_cast<unsigned>(std::countr_zero(at));
        looked_for = ~0u;
    }
#else
    for (; i % 8 != 0; ++i)
        if (tags[i] == wanted) return i;
    for (; i < count; i += 8) {
        constexpr std::uint64_t ones = 0x0101010101010101;
        std::uint64_t some = 0;
        std::memcpy(&some, tags + i, 8);
        if constexpr (std::endian::native == std::endian::big) some = __builtin_bswap64(some);
        some ^= ones * wanted;
        // The lowest bit that is left is that of the first byte that is 0.
        const std::uint64_t at = (some - ones) & ~some & ones << 7;
        if (at != 0) return i + static_cast<unsigned>(std::countr_zero(at)) / 8;
    }
#endif
    return count;
}

/// typed_value_of, as far as it can be said without a call: that nobody binds the key, and what is near.
inline const void* near_value_of(node* n, const key_base& k, std::size_t align) {
    if (n->is_observed()) return typed_value_of(n, k, align);
    do {
        if (n->kind() == kind::value) {
            const auto* const v = static_cast<const value_node*>(n);
            if (v->is_landmark()) {
                // Mostly there are no more than these.
                constexpr std::size_t some = value_node::tags_at_once;
                std::size_t i = find_tag(v->tags(), 0, some, tag_of(&k));
                if (i != some) return tagged_value_of(v, i, k, align);
                if (const std::size_t count = v->tag_bytes(); count > some) {
                    i = find_tag(v->tags(), some, count, tag_of(&k));
                    if (i != count) return tagged_value_of(v, i, k, align);
                }
                n = v->next();
            } else if (v->key() == &k) {
                return v->is_plain() ? v->value_at(align) : typed_value_of(n, k, align);
            } else {
                n = v->above();
            }
        } else if (n->kind() == kind::custom) {
            return typed_value_of(n, k, align);
        } else {
            n = n->parent();
        }
    } while (n);
    return nullptr;
}

/// Tells the observer of it.
void announce_value(value_node* n, const call_site& where);

} // namespace ctx::detail
