// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/state.h"

#include <string>

/// What `sentence` is put together from, by the subject of the event.
namespace lab {

std::string context_sentence(const event& e, const state& s);
std::string worker_sentence(const event& e, const state& s);
std::string http_sentence(const event& e, const state& s);

/// The name by which a sentence speaks of a context; `context 7` if it is not in the picture.
std::string context_label(const state& s, id_t id);

/// `context canceled (cause: shutting down)`; the cause is left out when it says nothing new.
std::string end_text(const std::string& err, const std::string& cause);

} // namespace lab
