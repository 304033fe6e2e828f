// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include "cli/usage_error.h"

#include <algorithm>
#include <charconv>

namespace cli {

options::options(std::span<const std::string> arguments, const accepted& known) {
    const auto in = [](const std::vector<std::string_view>& all, std::string_view name) {
        return std::find(all.begin(), all.end(), name) != all.end();
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!word.starts_with("--")) {
            if (others_.size() == known.most_others) throw usage_error("unexpected argument " + word);
            others_.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (values_.contains(name)) throw usage_error(name + " is given twice");
        if (in(known.flags, name)) {
            if (equals != std::string::npos) throw usage_error(name + " takes no value");
            values_[name] = "";
        } else if (!in(known.valued, name)) {
            throw usage_error("unknown option " + name);
        } else if (equals != std::string::npos) {
            values_[name] = word.substr(equals + 1);
        } else if (i + 1 < arguments.size()) {
            values_[name] = arguments[++i];
        } else {
            throw usage_error(name + " needs a value");
        }
    }
}

std::optional<std::string> options::text(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::int64_t> options::integer(std::string_view name, std::int64_t least,
                                             std::int64_t most) const {
    const std::optional<std::string> value = text(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = value->data() + value->size();
    const auto [stop, problem] = std::from_chars(value->data(), end, number);
    if (problem != std::errc{} || stop != end || number < least || number > most)
        throw usage_error(std::string(name) + " \"" + *value + "\": expected a whole number from " +
                          std::to_string(least) + " to " + std::to_string(most));
    return number;
}

} // namespace cli
