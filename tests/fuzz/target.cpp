// SPDX-License-Identifier: MIT
#include "fuzz/entries.h"

#include <cstddef>
#include <cstdint>

/// One entry for libFuzzer: FUZZ_ENTRY names it. An exception that leaves it ends the process.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) noexcept {
    fuzz::FUZZ_ENTRY({reinterpret_cast<const char*>(data), size});
    return 0;
}
