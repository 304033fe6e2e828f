// SPDX-License-Identifier: MIT
#include "fuzz/entries.h"
#include "lab/input_error.h"
#include "lab/recording_decoder.h"
#include "lab/recording_reader.h"
#include "lab/state.h"

#include <memory>
#include <sstream>

/// A whole file; or, behind a first byte that no file has, a block, so that a fuzzer need not find checksums.
namespace fuzz {

namespace {

constexpr std::size_t longest = 1 << 16;

/// What was read can be drawn, and is no larger than its bytes allow.
void check_block(const lab::recording_block& b, std::size_t size) {
    check(b.events.size() <= size, "more events than bytes");
    lab::state picture;
    for (const lab::event& e : b.events) picture.apply(e);
}

} // namespace

void recording(std::string_view text) {
    if (text.size() > longest) return;
    if (text.starts_with('!')) {
        lab::recording_block b;
        try {
            lab::recording_decoder(lab::recording_schema::current(), "input").read(text.substr(1), b);
        } catch (const lab::bytes_error&) {
        } catch (const lab::input_error&) {
        }
        return check_block(b, text.size());
    }
    try {
        lab::recording_reader r(std::make_unique<std::istringstream>(std::string(text)), "input");
        std::uint64_t seq = 0;
        for (lab::recording_block b; r.next(b);) {
            check_block(b, text.size());
            for (const lab::event& e : b.events) check(e.seq == ++seq, "a number is missing");
        }
        check(r.last_seq() == seq, "it counts otherwise");
        if (r.damage()) check(r.damage()->byte <= text.size(), "damage behind the end");
    } catch (const lab::input_error& e) {
        check(std::string_view(e.what()).starts_with("input:"),
              std::string("a complaint without its place: ") + e.what());
    }
}

} // namespace fuzz
