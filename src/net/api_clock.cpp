// SPDX-License-Identifier: MIT
#include "net/api.h"

#include "lab/state_json.h"

#include <array>
#include <vector>

namespace net {
namespace {

using lab::change_clock;
using lab::clock_action;

constexpr std::array<std::string_view, 5> actions{"run", "pause", "step", "advance", "hold"};
constexpr std::array<std::string_view, 5> sizes{"hook", "node", "wave", "reaction", "timer"};
constexpr std::array<std::string_view, 2> modes{"virtual", "real"};

/// The commands that a body asks for: its mode and speed first, then its action.
class clock_reader {
  public:
    explicit clock_reader(const nlohmann::json& body) : fields_(body) {}

    std::vector<change_clock> read() {
        action_ = fields_.word("action", actions);
        read_mode();
        read_speed();
        read_action();
        fields_.refuse_unknown();
        if (all_.empty())
            lab::object_reader::required(action_, "action", "one of run, pause, step, advance, hold");
        return all_;
    }

  private:
    void read_mode() {
        const auto mode = fields_.word("mode", modes);
        if (!mode) return;
        only_with_run("mode");
        all_.push_back({.action = clock_action::set_mode, .mode = *lab::parse_clock_mode(*mode)});
        real_ = all_.back().mode == lab::clock_mode::real_time;
    }
    void read_speed() {
        const auto speed = fields_.number("speed", 1.0 / 16, 16);
        if (!speed) return;
        only_with_run("speed");
        if (real_) throw request_error(409, "speed: the real clock has but one");
        all_.push_back({.action = clock_action::set_speed, .speed = *speed});
    }
    void read_action() {
        const auto by = fields_.duration("by");
        const auto size = fields_.word("size", sizes);
        if (by && action_ != "advance") throw lab::field_error("by", "only action advance takes it");
        if (size && action_ != "step") throw lab::field_error("size", "only action step takes it");
        if (!action_) return;
        if (action_ == "run") all_.push_back({.action = clock_action::run});
        if (action_ == "pause") all_.push_back({.action = clock_action::pause});
        if (action_ == "hold") all_.push_back({.action = clock_action::hold});
        if (action_ == "step")
            all_.push_back(
                {.action = clock_action::step, .size = *lab::parse_step_size(size.value_or("node"))});
        if (action_ == "advance") {
            const auto d = lab::object_reader::required(by, "by", "a duration such as \"10ms\"");
            if (d.count() < 0)
                throw lab::field_error("by", "time does not go backwards: expected a duration from 0s");
            all_.push_back({.action = clock_action::advance, .by = d});
        }
    }
    void only_with_run(const char* member) const {
        if (action_ && action_ != "run" && action_ != "pause")
            throw lab::field_error(member, "it goes with action run or pause only");
    }

    lab::object_reader fields_;
    std::optional<std::string> action_;
    std::vector<change_clock> all_;
    bool real_ = false;
};

void change(hub& h, exchange& x) {
    const nlohmann::json body = read_json(x);
    for (const change_clock& c : clock_reader(body).read()) {
        bool ok = false;
        command(h, x, c, [&](const lab::reply&) { ok = true; });
        if (!ok) return;
    }
    lab::state s = h.lab.snapshot();
    s.set_now(h.lab.now());
    nlohmann::ordered_json j = lab::to_json(s.clock());
    j["time_ms"] = lab::ms_json(s.now());
    x.answer_json(200, lab::json_text(j));
}

void reset(hub& h, exchange& x) {
    const nlohmann::json body = read_json(x);
    lab::object_reader fields(body);
    const auto name = fields.text("scenario");
    fields.refuse_unknown();
    lab::reset_lab c;
    if (name) {
        // Shipped ones only, whatever find_scenario would take for a path: the API reads no files.
        std::vector<std::string> names;
        for (lab::scenario& s : lab::shipped_scenarios()) {
            if (s.name == *name) c.with = std::make_shared<lab::scenario>(std::move(s));
            names.push_back(s.name);
        }
        const std::vector<std::string_view> words(names.begin(), names.end());
        if (!c.with) throw lab::field_error("scenario", lab::expected_one_of(words, *name));
    }
    command(h, x, std::move(c), [&](const lab::reply&) {
        x.answer_json(200, lab::json_text({{"scenario", name ? nlohmann::ordered_json(*name)
                                                             : nlohmann::ordered_json(nullptr)}}));
    });
}

} // namespace

void add_api_clock(router& r, hub& h) {
    r.add("POST", "/api/v1/clock", [&h](exchange& x, std::uint64_t) { change(h, x); });
    r.add("POST", "/api/v1/reset", [&h](exchange& x, std::uint64_t) { reset(h, x); });
}

} // namespace net
