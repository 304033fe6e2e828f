// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state_json.h"
#include "net/service.h"
#include "raw_client.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>

/// A laboratory with its HTTP half on a free port.
struct lab_bench {
    lab::laboratory lab;
    net::service http;

    explicit lab_bench(lab::options o = {}, net::service_options s = {})
        : lab(std::move(o)), http(lab, [&] {
              s.port = 0;
              return s;
          }()) {}

    raw::response get(const std::string& path, const std::string& headers = {}) const {
        return raw::client(http.port()).ask(path, headers);
    }
    raw::response post(const std::string& path, const std::string& body,
                       const std::string& headers = "Content-Type: application/json\r\n") const {
        raw::client c(http.port());
        c.post(path, body, headers);
        return c.receive();
    }
    nlohmann::json state() const { return nlohmann::json::parse(get("/api/v1/state").body); }

    /// Waits, without polling, until the picture is as it should be.
    bool becomes(const std::function<bool(const lab::state&)>& good) {
        const auto until = std::chrono::steady_clock::now() + raw::patience;
        for (;;) {
            const lab::state s = lab.snapshot();
            if (good(s)) return true;
            const auto left = until - std::chrono::steady_clock::now();
            if (left.count() <= 0 || !lab.log().wait_after(s.seq(), left)) return false;
        }
    }
    /// The newest event of a kind; kind `note` if there is none.
    lab::event last(lab::event_kind k) const {
        lab::event found;
        for (const lab::event& e : lab.log().read(0))
            if (e.kind == k) found = e;
        return found;
    }
};

/// Nothing of any request is alive.
inline bool is_quiet(const lab::state& s) {
    return s.counts().live_workers == 0 && s.counts().active_requests == 0;
}

inline std::size_t waiting_workers(const lab::state& s) {
    return static_cast<std::size_t>(
        std::count_if(s.workers().begin(), s.workers().end(),
                      [](const lab::worker_info& w) { return w.state == lab::worker_state::waiting; }));
}
