// SPDX-License-Identifier: MIT
#include "lab/seeds.h"

#include "lab/laboratory.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lab {
namespace {

std::string fate_of(const context_info& c) {
    std::string text = "context " + c.name + ": ";
    if (c.state == context_state::active) return text + "active";
    text += c.err;
    return c.cause.empty() || c.cause == c.err ? text : text + ", cause " + c.cause;
}

std::string fate_of(const worker_info& w) {
    std::string text = "worker " + w.name + ": ";
    text += w.exited ? w.reason : w.state == worker_state::leaked ? "never exited" : "still at work";
    if (w.noticed) text += ", noticed";
    if (w.leaked) text += ", leaked";
    return text;
}

struct run_result {
    std::vector<std::string> fates;
    std::vector<std::string> order;
    bool endless = false;
};

run_result run(const scenario& s, std::int64_t seed, std::chrono::nanoseconds longest) {
    auto with = std::make_shared<scenario>(s);
    with->seed = seed;
    laboratory lab({.seed = seed, .running = false, .as_fast_as_possible = true, .with = std::move(with)});
    run_result r;
    r.endless = lab.call(change_clock{.action = clock_action::finish, .by = longest}, "seeds").found;
    state picture;
    for (const event& e : lab.log().read(0)) {
        picture.apply(e);
        if (e.kind != event_kind::worker_exited) continue;
        if (const worker_info* const w = picture.worker(e.worker)) r.order.push_back(w->name);
    }
    for (const context_info& c : picture.contexts())
        if (c.id != root_id && c.kind != context_kind::with_value) r.fates.push_back(fate_of(c));
    for (const worker_info& w : picture.workers()) r.fates.push_back(fate_of(w));
    std::sort(r.fates.begin(), r.fates.end());
    return r;
}

template <class T>
void most_frequent_first(std::vector<T>& all) {
    std::stable_sort(all.begin(), all.end(), [](const T& a, const T& b) {
        return a.count != b.count ? a.count > b.count : a.seed < b.seed;
    });
}

} // namespace

seed_report try_seeds(const scenario& s, std::size_t n, seed_options o) {
    if (s.needs_sockets()) throw input_error(s.name + ": sends requests: what sockets do no seed decides");
    using orders = std::map<std::vector<std::string>, exit_order>;
    std::map<std::vector<std::string>, std::pair<outcome, orders>> found;
    seed_report report;
    for (; report.tried < n && !o.stop.stop_requested();) {
        const std::int64_t seed = o.first + static_cast<std::int64_t>(report.tried);
        const run_result r = run(s, seed, o.longest);
        auto& [result, by_order] = found[r.fates];
        if (result.count++ == 0) result.seed = seed;
        exit_order& order = by_order[r.order];
        if (order.count++ == 0) order.seed = seed;
        report.endless += r.endless;
        ++report.tried;
        if (o.progress) o.progress(report.tried);
    }
    for (auto& [fates, of] : found) {
        auto& [result, by_order] = of;
        result.fates = fates;
        for (auto& [workers, order] : by_order) {
            order.workers = workers;
            result.orders.push_back(std::move(order));
        }
        most_frequent_first(result.orders);
        report.outcomes.push_back(std::move(result));
    }
    most_frequent_first(report.outcomes);
    return report;
}

} // namespace lab
