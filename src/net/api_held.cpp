// SPDX-License-Identifier: MIT
#include "net/api.h"

#include "lab/held_moment.h"
#include "lab/state_json.h"

namespace net {
namespace {

using json = nlohmann::ordered_json;

json held_json(const lab::held_thread& t, const lab::laboratory& lab, const lab::state& picture) {
    const std::vector<lab::event> at = lab.log().read(t.seq - 1, 1);
    if (at.empty()) return {};
    const lab::held_moment m = lab::held_at(at.front(), picture, t.worker);
    json j{{"seq", t.seq}, {"event", to_string(at.front().kind)}, {"happened", m.happened}, {"next", m.next}};
    j["context"] = m.context == 0 ? json(nullptr) : json(m.context);
    j["worker"] = m.worker == 0 ? json(nullptr) : json(m.worker);
    j["code"] = m.code.empty() ? json(nullptr) : json(m.code);
    return j;
}

} // namespace

void add_api_held(router& r, hub& h) {
    r.add("GET", "/api/v1/held", [&h](exchange& x, std::uint64_t) {
        json all = json::array();
        const std::vector<lab::held_thread> threads = h.lab.held_threads();
        const lab::state picture = h.lab.snapshot();
        for (const lab::held_thread& t : threads)
            if (t.seq != 0) all.push_back(held_json(t, h.lab, picture));
        x.answer_json(200, lab::json_text(json{{"held", std::move(all)}}));
    });
}

} // namespace net
