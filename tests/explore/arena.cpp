// SPDX-License-Identifier: MIT
#include "explore/arena.h"

#include "explore/engine.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace explore::arena {
namespace {

constexpr std::size_t room = 4u << 20, grain = 16;
constexpr unsigned char poison = 0xDD;

struct header {
    std::size_t size;
    header* next; // block taken after this one
    bool freed;
};
constexpr std::size_t header_room = (sizeof(header) + grain - 1) / grain * grain;

alignas(64) std::byte memory[room];
bool instruments[room / grain];
std::size_t used = 0;
header* first = nullptr;
header* last = nullptr;
thread_local bool active = false;

header* header_of(const void* p) noexcept {
    return reinterpret_cast<header*>(const_cast<std::byte*>(static_cast<const std::byte*>(p)) - header_room);
}
void* start_of(header* h) noexcept {
    return reinterpret_cast<std::byte*>(h) + header_room;
}
std::size_t grain_of(const void* p) noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(p) - memory) / grain;
}

bool untouched(header* h) noexcept {
    const auto* bytes = static_cast<const unsigned char*>(start_of(h));
    for (std::size_t i = 0; i < h->size; ++i)
        if (bytes[i] != poison) return false;
    return true;
}

} // namespace

void reset() noexcept {
    std::memset(instruments, 0, used / grain + 1);
    used = 0;
    first = last = nullptr;
}

void* take(std::size_t size) {
    const std::size_t whole = header_room + (size + grain - 1) / grain * grain;
    if (used + whole > room) throw std::bad_alloc();
    auto* h = new (memory + used) header{size, nullptr, false};
    used += whole;
    (last ? last->next : first) = h;
    last = h;
    return start_of(h);
}

bool give_back(void* p) noexcept {
    header* const h = header_of(p);
    if (h->freed) return false;
    h->freed = true;
    std::memset(p, poison, h->size);
    return true;
}

bool owns(const void* p) noexcept {
    const auto* b = static_cast<const std::byte*>(p);
    return b >= memory && b < memory + room;
}

std::size_t size_of(const void* block) noexcept {
    return header_of(block)->size;
}

void mark_instrument(const void* p) noexcept {
    if (owns(p)) instruments[grain_of(p)] = true;
}

bool holds_instruments(const void* block) noexcept {
    const std::size_t from = grain_of(block), to = from + (size_of(block) + grain - 1) / grain;
    return std::memchr(instruments + from, true, to - from) != nullptr;
}

std::optional<std::string> complaint() {
    std::size_t left = 0, bytes = 0;
    for (header* h = first; h; h = h->next) {
        if (h->freed && !untouched(h))
            return "a freed block of " + std::to_string(h->size) + " bytes was written to";
        if (!h->freed) {
            ++left;
            bytes += h->size;
        }
    }
    if (left == 0) return std::nullopt;
    return std::to_string(left) + " blocks were never freed, " + std::to_string(bytes) + " bytes in all";
}

use::use(bool arena) noexcept : before_(active) {
    active = arena;
}
use::~use() {
    active = before_;
}

bool in_use() noexcept {
    return active;
}
void set_in_use(bool on) noexcept {
    active = on;
}

} // namespace explore::arena

namespace arena = explore::arena;

void* operator new(std::size_t size) {
    if (arena::in_use()) return arena::take(size);
    if (void* p = std::malloc(size ? size : 1)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    if (!p) return;
    if (arena::owns(p))
        explore::freed(p);
    else
        std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    operator delete(p);
}
