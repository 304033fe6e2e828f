// SPDX-License-Identifier: MIT
#include "cli/oracle_reader.h"

#include "cli/oracle_text.h"
#include "lab/input_error.h"
#include "lab/json_text.h"

#include <iterator>

namespace cli {

using nlohmann::json;

std::optional<json> oracle_reader::next() {
    if (!list_) return next_line();
    if (taken_ == list_->size()) return std::nullopt;
    return std::move((*list_)[taken_++]);
}

std::optional<json> oracle_reader::next_line() {
    for (; std::getline(in_, text_);) {
        const bool first = line_++ == 0;
        if (first && text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);
        const std::size_t begin = text_.find_first_not_of(" \t\r");
        if (begin == std::string::npos || text_[begin] == '#') continue;
        if (text_[begin] == '[') {
            text_ += '\n';
            text_.append(std::istreambuf_iterator<char>(in_), {});
        }
        text_ = as_go_reads(std::move(text_));
        json value = parse();
        if (!value.is_array()) return value;
        list_ = std::move(value);
        return next();
    }
    return std::nullopt;
}

json oracle_reader::parse() const {
    try {
        return lab::parse_json(text_, name_);
    } catch (const lab::input_error&) {
        return lab::parse_json(in_place(), name_);
    }
}

std::string oracle_reader::in_place() const {
    return std::string(line_ - 1, '\n') + text_;
}

void oracle_reader::complain(const std::string& member, const std::string& problem) const {
    std::string path = list_ ? lab::path_to("", taken_ - 1) : "";
    if (!member.empty()) path = lab::path_to(path, member);
    throw lab::input_error(lab::complaint(in_place(), name_, path, problem));
}

} // namespace cli
