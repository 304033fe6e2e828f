// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <QString>

/// The line of a worker's Go, from 0, at which it stands when something happens inside the library: where it
/// calls cancel, where it looks at its context, or where it returns. -1: there is none.
int codeLineAt(const QString& code, const lab::event& at, lab::id_t worker);
