// SPDX-License-Identifier: MIT
#include "net/exchange.h"

#include "net/connection.h"

#include <nlohmann/json.hpp>

namespace net {

const ctx::context& exchange::context() const {
    return on_.life()->context();
}
const std::string& exchange::peer() const {
    return on_.peer();
}
void exchange::on_client_left(std::function<void()> left) {
    on_.life()->on_left(std::move(left));
}
bool exchange::client_left() const {
    return on_.life()->left();
}
void exchange::abandon() {
    on_.abandon();
}

void exchange::answer(int status, std::string_view text, const char* content_type) {
    response.status = status;
    response.set_content(std::string(text), content_type);
}

void exchange::answer_json(int status, const std::string& json) {
    answer(status, json, "application/json");
}

void exchange::refuse(int status, std::string_view why) {
    answer_json(status, error_json(why));
}

void exchange::stream(const char* content_type, std::function<bool(httplib::DataSink&)> more) {
    on_.keep_life();
    response.status = 200;
    response.set_chunked_content_provider(
        content_type, [more = std::move(more)](size_t, httplib::DataSink& sink) { return more(sink); });
}

std::string error_json(std::string_view why) {
    const nlohmann::json j{{"error", std::string(why)}};
    return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace net
