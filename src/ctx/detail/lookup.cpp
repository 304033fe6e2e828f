// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <bit>
#include <cstring>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/// What a context answers when it is asked for a value. How value nodes help with that stands in
/// value_node.h.
namespace ctx::detail {
namespace {

/// Which of some tags, in a row, are the one that is looked for.
class tag_finder {
  public:
    /// One bit for each tag, or eight of them.
    using matches = std::uint64_t;

    explicit tag_finder(std::uint8_t wanted) noexcept
        : wanted_(wanted)
#ifdef __SSE2__
          ,
          wide_(_mm_set1_epi8(static_cast<char>(wanted)))
#endif
    {
    }

    /// What `check` says of the first of `count` tags at `tags`, a multiple of eight, of which it says
    /// something.
    template <class F>
    const value_node* first_of(const std::uint8_t* tags, std::size_t count, F check) const {
        std::size_t i = 0;
#ifdef __SSE2__
        for (; i + 16 <= count; i += 16) {
            const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tags + i));
            auto at = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, wide_)));
            for (; at != 0; at &= at - 1)
                if (const value_node* n = check(i + static_cast<unsigned>(std::countr_zero(at)))) return n;
        }
#endif
        for (; i < count; i += 8) {
            std::uint64_t some = 0;
            std::memcpy(&some, tags + i, 8);
            if constexpr (std::endian::native == std::endian::big) some = __builtin_bswap64(some);
            // A byte that is 0 is the only one that the sum leaves without its highest bit.
            const std::uint64_t off = some ^ (ones * wanted_);
            std::uint64_t at = ~(((off & low_bits) + low_bits) | off | low_bits);
            for (; at != 0; at &= at - 1)
                if (const value_node* n = check(i + static_cast<unsigned>(std::countr_zero(at)) / 8))
                    return n;
        }
        return nullptr;
    }

  private:
    static constexpr std::uint64_t ones = 0x0101010101010101, low_bits = 0x7F * ones;
    std::uint64_t wanted_;
#ifdef __SSE2__
    __m128i wide_;
#endif
};

/// Where a search ended: at a binding; at a custom context, which is to be asked; or nowhere.
struct place {
    const value_node* binding = nullptr;
    custom_node* custom = nullptr;
};

struct is_typed {
    const key_base* key;
    std::uint8_t tag() const noexcept { return tag_of(key); }
    bool operator()(const value_node& n) const noexcept { return n.key() == key; }
};

struct is_equal {
    const any_key& key;
    std::uint8_t tag() const noexcept { return tag_of(key.hash()); }
    bool operator()(const value_node& n) const { return n.is_run_time() && n.binding().key == key; }
};

template <class Match>
place search(node* n, Match match) {
    while (n) {
        if (n->kind() == kind::value) {
            const auto* const v = static_cast<const value_node*>(n);
            if (!v->is_landmark()) {
                if (match(*v)) return {.binding = v};
                n = v->above();
                continue;
            }
            const auto check = [&](std::size_t i) {
                const value_node* const at = v->nth(static_cast<unsigned>(i));
                return match(*at) ? at : nullptr;
            };
            const tag_finder finder(match.tag());
            if (const value_node* at = finder.first_of(v->tags(), v->tag_bytes(), check))
                return {.binding = at};
            n = v->next();
        } else if (n->kind() == kind::custom) {
            return {.custom = n->as_custom()};
        } else {
            n = n->parent();
        }
    }
    return {};
}

any_value held(const value_node& n) {
    if (n.is_nil()) return {};
    if (n.is_run_time()) return n.binding().held;
    const type_ops* const type = n.key()->ops();
    return any_value::refer(type, n.value_at(type->align), keeper::of(const_cast<value_node*>(&n)));
}

any_value find(node* n, const any_key& k) {
    if (k.is(cancel_node_key)) {
        cancel_node* const c = nearest_cancel(n);
        return c ? any_value::refer(&ops_of<cancel_node>, c) : any_value();
    }
    const key_base* const typed = k.typed();
    const place at = typed ? search(n, is_typed{typed}) : search(n, is_equal{k});
    if (at.binding) return held(*at.binding);
    if (at.custom) return at.custom->impl->value(k);
    return {};
}

bool binds(const value_node& n, const any_key& k) {
    const key_base* const typed = k.typed();
    return typed ? is_typed{typed}(n) : is_equal{k}(n);
}

/// The same from one context to the next, all of which are noted.
any_value walk(node* n, const any_key& k, std::vector<node_id>& path) {
    const bool for_node = k.is(cancel_node_key);
    for (; n; n = n->parent()) {
        path.push_back(n->id());
        switch (n->kind()) {
        case kind::value:
            if (const auto* v = static_cast<value_node*>(n); binds(*v, k)) return held(*v);
            break;
        case kind::cancel:
            if (for_node) return any_value::refer(&ops_of<cancel_node>, static_cast<cancel_node*>(n));
            break;
        case kind::without_cancel:
            if (for_node) return {}; // CTX-065, CTX-175
            break;
        case kind::custom:
            return static_cast<custom_node*>(n)->impl->value(k);
        case kind::root:
            return {};
        }
    }
    return {};
}

const void* of_type(const any_value& v, const type_ops* type) noexcept {
    return v.ops() == type ? v.raw() : nullptr;
}

} // namespace

cancel_node* nearest_cancel(node* n) {
    node* const owner = n->done_owner(); // WithoutCancel has none: CTX-065, CTX-175
    if (!owner) return nullptr;
    if (cancel_node* c = owner->as_cancel()) return c;
    const any_value found = owner->as_custom()->impl->value(cancel_node_key);
    return const_cast<cancel_node*>(found.as<cancel_node>());
}

any_value value_of(node* n, const any_key& k) {
    if (!n->is_observed() || !k) return find(n, k);
    std::vector<node_id> path;
    any_value found = walk(n, k, path);
    // A nil binding stops the search and finds nothing (CTX-112); the observer sees where it stopped.
    n->watched_by()->value_looked_up(n->id(), k.string(), static_cast<bool>(found), found.string(), path);
    return found;
}

const void* typed_value_of(node* n, const key_base& k, std::size_t align) {
    if (n->is_observed()) return of_type(value_of(n, k), k.ops());
    const place at = search(n, is_typed{&k});
    if (const value_node* v = at.binding) {
        if (v->is_nil()) return nullptr;
        return v->is_run_time() ? of_type(v->binding().held, k.ops()) : v->value_at(align);
    }
    return at.custom ? of_type(at.custom->impl->value(k), k.ops()) : nullptr;
}

} // namespace ctx::detail
