// SPDX-License-Identifier: MIT
#pragma once

#include "lab/seeds.h"

#include <QStringList>

/// What came of trying many seeds, in words. Pure.
namespace SeedsText {

/// By outcome: its fates, but for those that all outcomes share.
std::vector<QStringList> differences(const lab::seed_report& report);

/// `3 outcomes of 200 seeds`, and what did not come to its end.
QString summary(const lab::seed_report& report);
/// `124 of 200 seeds`
QString frequency(const lab::seed_report& report, const lab::outcome& outcome);
/// `not defined: 3 orders occurred`, or the one order there was.
QString orders(const lab::outcome& outcome);

/// One outcome as HTML. Links are `seed:7`.
QString html(const lab::seed_report& report, std::size_t outcome);
/// All of it, to be copied.
QString plain(const lab::seed_report& report, const QString& scenario);

} // namespace SeedsText
