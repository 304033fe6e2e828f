// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QString>

#include <span>

class QLabel;

/// Names of contexts and workers as clickable text: a label shows them, and a click selects the thing.
namespace Links {

QString href(Selection what);
Selection parse(const QString& href);

/// A chip with the thing's name; plain text when it is not in the picture any more.
QString chip(const lab::state& state, Selection what);
/// The chips of many things: the first ones, and how many more there are. `between` goes between them.
QString chips(const lab::state& state, Selection::Sort sort, std::span<const lab::id_t> ids,
              const QString& between = {});

/// A label for chips, wired to `session`.
QLabel* makeLabel(SessionModel& session, QWidget* parent);

} // namespace Links
