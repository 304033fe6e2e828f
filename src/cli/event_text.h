// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace cli {

using event_writer = std::function<void(std::ostream&, const std::vector<lab::event>&)>;

/// For `--format`: `text`, a sentence an event; `ndjson`; `perfetto`, a Chrome trace. Throws usage_error.
event_writer event_writer_for(const std::string& format);

} // namespace cli
