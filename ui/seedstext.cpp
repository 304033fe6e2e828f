// SPDX-License-Identifier: MIT
#include "seedstext.h"

#include "canvas/theme.h"
#include "labtext.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace {

constexpr std::size_t mostOrders = 12;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SeedsText)
};

QString joined(const std::vector<std::string>& words) {
    QStringList all;
    for (const std::string& w : words) all += LabText::of(w);
    return all.isEmpty() ? Words::tr("nobody") : all.join(QStringLiteral(", "));
}

QString counted(std::size_t n, const QString& one, const QString& many) {
    return n == 1 ? one : many.arg(n);
}

/// The part of a fate before its colon stands out.
QString fateHtml(const QString& fate) {
    const qsizetype colon = fate.indexOf(QLatin1String(": "));
    if (colon < 0) return fate.toHtmlEscaped();
    return QStringLiteral("<b>%1</b>: %2")
        .arg(fate.left(colon).toHtmlEscaped(), fate.mid(colon + 2).toHtmlEscaped());
}

QString seedLink(std::int64_t seed, const QString& text) {
    return QStringLiteral("<a href=\"seed:%1\" style=\"color:%2\">%3</a>")
        .arg(seed)
        .arg(theme().accent.name(), text.toHtmlEscaped());
}

QString heading(const QString& text) {
    return QStringLiteral("<p style=\"margin-top:12px;margin-bottom:4px;color:%1\"><b>%2</b></p>")
        .arg(theme().mutedText.name(), text.toHtmlEscaped());
}

QString line(const QString& html) {
    return QStringLiteral("<p style=\"margin-top:0;margin-bottom:4px\">%1</p>").arg(html);
}

} // namespace

namespace SeedsText {

std::vector<QStringList> differences(const lab::seed_report& report) {
    std::map<std::string, std::vector<std::size_t>> times; // of a fate, by outcome
    for (std::size_t i = 0; i < report.outcomes.size(); ++i)
        for (const std::string& fate : report.outcomes[i].fates) {
            auto& counts = times[fate];
            counts.resize(report.outcomes.size());
            ++counts[i];
        }
    std::vector<QStringList> all(report.outcomes.size());
    for (const auto& [fate, counts] : times) {
        if (std::all_of(counts.begin(), counts.end(), [&](std::size_t n) { return n == counts.front(); }))
            continue;
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (counts[i] > 0)
                all[i] += counts[i] == 1 ? LabText::of(fate)
                                         : Words::tr("%1 (%2 times)").arg(LabText::of(fate)).arg(counts[i]);
    }
    return all;
}

QString summary(const lab::seed_report& report) {
    const QString seeds = counted(report.tried, Words::tr("1 seed"), Words::tr("%1 seeds"));
    QString text =
        report.outcomes.size() == 1
            ? Words::tr("%1, one outcome: what became of everybody does not depend on it").arg(seeds)
            : Words::tr("%1, %2 outcomes").arg(seeds).arg(report.outcomes.size());
    if (report.endless > 0)
        text += Words::tr("; %1 did not come to an end within an hour").arg(report.endless);
    return text;
}

QString frequency(const lab::seed_report& report, const lab::outcome& outcome) {
    return Words::tr("%1 of %2 seeds").arg(outcome.count).arg(report.tried);
}

QString orders(const lab::outcome& outcome) {
    if (outcome.orders.empty()) return Words::tr("no worker exited");
    if (outcome.orders.size() == 1) return joined(outcome.orders.front().workers);
    return Words::tr("not defined: %1 orders occurred").arg(outcome.orders.size());
}

QString html(const lab::seed_report& report, std::size_t index) {
    const lab::outcome& outcome = report.outcomes[index];
    QString text = line(QStringLiteral("<b>%1</b>").arg(frequency(report, outcome).toHtmlEscaped()) +
                        QStringLiteral(" · ") +
                        seedLink(outcome.seed, Words::tr("open with seed %1").arg(outcome.seed)));
    if (report.outcomes.size() > 1) {
        text += heading(Words::tr("What is different here"));
        const QStringList different = differences(report)[index];
        for (const QString& fate : different) text += line(fateHtml(fate));
    } else {
        text += heading(Words::tr("What became of everybody, whatever the seed"));
        for (const std::string& fate : outcome.fates) text += line(fateHtml(LabText::of(fate)));
    }
    text += heading(Words::tr("The order in which the workers exited"));
    text += line(orders(outcome).toHtmlEscaped());
    if (outcome.orders.size() < 2) return text;
    for (std::size_t i = 0; i < std::min(outcome.orders.size(), mostOrders); ++i) {
        const lab::exit_order& order = outcome.orders[i];
        text += line(QStringLiteral("%1 · %2 · %3")
                         .arg(counted(order.count, Words::tr("once"), Words::tr("%1 times")),
                              seedLink(order.seed, Words::tr("seed %1").arg(order.seed)),
                              joined(order.workers).toHtmlEscaped()));
    }
    if (outcome.orders.size() > mostOrders)
        text += line(Words::tr("and %1 more").arg(outcome.orders.size() - mostOrders));
    return text;
}

QString plain(const lab::seed_report& report, const QString& scenario) {
    QString text = QStringLiteral("%1: %2\n").arg(scenario, summary(report));
    const std::vector<QStringList> different = differences(report);
    for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
        const lab::outcome& outcome = report.outcomes[i];
        text += QStringLiteral("\n%1, %2\n")
                    .arg(frequency(report, outcome), Words::tr("first with seed %1").arg(outcome.seed));
        for (const QString& fate : different[i]) text += QStringLiteral("  %1\n").arg(fate);
        text += Words::tr("  order of exit: %1\n").arg(orders(outcome));
        if (outcome.orders.size() < 2) continue;
        for (const lab::exit_order& order : outcome.orders)
            text += QStringLiteral("    %1 × %2 (%3)\n")
                        .arg(order.count)
                        .arg(joined(order.workers), Words::tr("seed %1").arg(order.seed));
    }
    return text;
}

} // namespace SeedsText
