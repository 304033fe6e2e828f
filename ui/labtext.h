// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <QString>

#include <chrono>
#include <string_view>

/// The laboratory's values as the window writes them. API names and Go's error texts stay as they are; only
/// the words around them are translated.
namespace LabText {

QString of(std::string_view utf8);

QString word(lab::context_state state);
QString word(lab::worker_state state);
QString word(lab::request_state state);
QString word(lab::client_state state);

/// `+1.250 s`
QString moment(lab::lab_time at);
/// `1.250 s`, the time between two moments.
QString span(std::chrono::nanoseconds length);
/// Go's form: `1m30s`.
QString duration(std::chrono::nanoseconds length);

/// `context canceled`, or `nil` when there is none.
QString errorOrNil(const std::string& text);

/// `request #7`: the name, and the number when the name alone may not tell.
QString title(const lab::context_info& context);
QString title(const lab::worker_info& worker);

} // namespace LabText
