// SPDX-License-Identifier: MIT
#pragma once

#include "results.h"

namespace bench {

/// Puts the tables, the machine and the charts into docs/performance.md and docs/images: in the page between
/// `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. `go_version` is what `go version` printed, or empty.
void write_page(const results& all, const std::filesystem::path& docs, const std::string& go_version);

} // namespace bench
