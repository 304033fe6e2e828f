// SPDX-License-Identifier: MIT
#include "lab/describe.h"

#include "lab/durations.h"

namespace lab {
namespace {

struct in_words {
    std::string operator()(const new_context& c) const {
        std::string text = std::string(go_name(c.kind)) + " below " + std::to_string(c.parent);
        if (!c.name.empty()) text += ", called " + c.name;
        if (c.timeout) text += ", " + duration_text(*c.timeout);
        if (c.at) text += ", at " + duration_text(*c.at);
        if (!c.key.empty()) text += ", " + c.key + " = " + c.value;
        if (!c.cause.empty()) text += ", cause \"" + c.cause + "\"";
        return text;
    }
    std::string operator()(const cancel_context& c) const {
        return "cancel " + std::to_string(c.context) +
               (c.cause && !c.cause->empty() ? " with cause \"" + *c.cause + "\"" : "");
    }
    std::string operator()(const new_worker& c) const {
        return "worker of kind " + c.kind + " for " + std::to_string(c.context) +
               (c.name.empty() ? "" : ", called " + c.name);
    }
    std::string operator()(const send_request& c) const {
        return "send " + (c.count > 1 ? std::to_string(c.count) + " times " : "") + c.method + " " + c.path +
               (c.timeout ? ", timeout " + duration_text(*c.timeout) : "") +
               (c.abort_after ? ", leave after " + duration_text(*c.abort_after) : "");
    }
    std::string operator()(const abort_request& c) const {
        return c.client == 0 ? "abort every call" : "abort call " + std::to_string(c.client);
    }
    std::string operator()(const look_up_value&) const { return {}; }
    std::string operator()(const change_clock&) const { return {}; }
    std::string operator()(const reset_lab&) const { return {}; }
    std::string operator()(const lab::sweep&) const { return {}; }
};

} // namespace

std::string describe(const command& c) {
    return std::visit(in_words{}, c);
}

} // namespace lab
