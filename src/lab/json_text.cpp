// SPDX-License-Identifier: MIT
#include "lab/json_text.h"

#include "lab/input_error.h"

#include <algorithm>
#include <set>
#include <vector>

namespace lab {

namespace {

using nlohmann::json;

constexpr std::size_t most_levels = 16;
constexpr std::size_t most_members = 64;
constexpr std::size_t longest_quote = 60;

/// Follows the parser through the text. The parser reports tokens without their places; between two tokens
/// there is only white space, commas and colons, so the places can be found again.
class walker final : public json::json_sax_t {
  public:
    /// With a `target`, the walk stops there.
    explicit walker(std::string_view text, const std::string* target = nullptr)
        : text_(text), target_(target) {
        if (text_.starts_with("\xef\xbb\xbf")) cursor_ = 3;
    }

    std::string problem;    ///< empty: none
    std::string path;       ///< of the problem
    std::size_t offset = 0; ///< of the problem, or of the target if `found`
    bool found = false;

    bool null() override { return scalar(); }
    bool boolean(bool) override { return scalar(); }
    bool number_integer(number_integer_t) override { return scalar(); }
    bool number_unsigned(number_unsigned_t) override { return scalar(); }
    bool number_float(number_float_t, const string_t&) override { return scalar(); }
    bool string(string_t&) override { return scalar(); }
    bool binary(binary_t&) override { return scalar(); }
    bool start_object(std::size_t) override { return open(false); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override;
    bool parse_error(std::size_t position, const std::string& last,
                     const nlohmann::detail::exception& e) override;

  private:
    struct level {
        bool array = false;
        bool begun = false;
        std::size_t next_index = 0;
        std::string member;
        std::set<std::string> members;
    };

    std::size_t next_token();
    void pass_token();
    std::string here() const;
    bool value_begins();
    bool scalar();
    bool open(bool array);
    bool close();
    bool refuse(const std::string& why, std::size_t at);

    std::string_view text_;
    const std::string* target_;
    std::size_t cursor_ = 0;
    std::vector<level> levels_;
};

std::size_t walker::next_token() {
    constexpr std::string_view between = " \t\r\n,:";
    while (cursor_ < text_.size() && between.find(text_[cursor_]) != std::string_view::npos) ++cursor_;
    return cursor_;
}

void walker::pass_token() {
    if (next_token() >= text_.size()) return;
    if (text_[cursor_] == '"') {
        for (++cursor_; cursor_ < text_.size() && text_[cursor_] != '"'; ++cursor_) {
            if (text_[cursor_] == '\\') ++cursor_;
        }
        ++cursor_;
        return;
    }
    constexpr std::string_view ends = " \t\r\n,:]}";
    while (cursor_ < text_.size() && ends.find(text_[cursor_]) == std::string_view::npos) ++cursor_;
}

std::string walker::here() const {
    std::string p;
    for (const level& l : levels_) {
        // Before the first element or member the place is that of the container.
        if (l.array && l.next_index > 0) p = path_to(p, l.next_index - 1);
        if (!l.array && l.begun) p = path_to(p, l.member);
    }
    return p;
}

bool walker::value_begins() {
    const std::size_t at = next_token();
    const bool in_array = !levels_.empty() && levels_.back().array;
    if (in_array) ++levels_.back().next_index;
    if (target_ && (levels_.empty() || in_array) && here() == *target_) {
        found = true;
        offset = at;
    }
    return !found;
}

bool walker::scalar() {
    const bool go_on = value_begins();
    pass_token();
    return go_on;
}

bool walker::open(bool array) {
    if (!value_begins()) return false;
    if (levels_.size() >= most_levels) {
        return refuse("nested deeper than " + std::to_string(most_levels) + " levels", cursor_);
    }
    ++cursor_;
    levels_.push_back({.array = array});
    return true;
}

bool walker::close() {
    next_token();
    ++cursor_;
    levels_.pop_back();
    return true;
}

bool walker::key(string_t& name) {
    const std::size_t at = next_token();
    level& l = levels_.back();
    l.begun = true;
    l.member = name;
    if (target_ && here() == *target_) {
        found = true;
        offset = at;
        return false;
    }
    if (!l.members.insert(name).second) return refuse("this member is there twice; expected it once", at);
    if (l.members.size() > most_members) {
        return refuse("more than " + std::to_string(most_members) + " members in one object", at);
    }
    pass_token();
    return true;
}

bool walker::refuse(const std::string& why, std::size_t at) {
    problem = why;
    path = here();
    offset = at;
    return false;
}

/// Every byte that is not printable ASCII as \xNN.
std::string printable(std::string_view raw) {
    constexpr char hex[] = "0123456789abcdef";
    std::string text;
    for (const char c : raw) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
        } else {
            text += {'\\', 'x', hex[byte >> 4], hex[byte & 0xf]};
        }
    }
    return text;
}

/// The parser's own words without its prefix, and without the token, which may be as long as the text.
std::string parser_words(std::string_view message) {
    if (const std::size_t at = message.find("] "); at != std::string_view::npos)
        message.remove_prefix(at + 2);
    if (const std::size_t at = message.find("column ");
        message.starts_with("parse error") && at < message.size()) {
        message.remove_prefix(std::min(message.size(), message.find(": ", at) + 2));
    }
    const std::size_t token = message.find("; last read: '");
    if (token == std::string_view::npos) return printable(message.substr(0, 2 * longest_quote));
    const std::size_t behind = message.rfind("'; expected");
    const bool expects = behind != std::string_view::npos && behind > token;
    return printable(message.substr(0, token)) + (expects ? printable(message.substr(behind + 1)) : "");
}

bool walker::parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) {
    return refuse(parser_words(e.what()), std::min(position == 0 ? 0 : position - 1, text_.size()));
}

std::string placed(std::string_view text, std::string_view where, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0: the first line
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    std::string_view column_text = before.substr(line_start);
    if (column_text.starts_with("\xef\xbb\xbf")) column_text.remove_prefix(3);
    const auto column =
        1 + std::count_if(column_text.begin(), column_text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xc0) != 0x80; // not the continuation of a character
        });
    return std::string(where) + ':' + std::to_string(line) + ':' + std::to_string(column) + ": ";
}

std::string with_path(const std::string& path, const std::string& problem) {
    return path.empty() ? problem : path + ": " + problem;
}

} // namespace

json parse_json(std::string_view text, std::string_view where) {
    walker check(text);
    if (!json::sax_parse(text, &check)) {
        throw input_error(placed(text, where, check.offset) + with_path(check.path, check.problem));
    }
    return json::parse(text);
}

std::string complaint(std::string_view text, std::string_view where, const std::string& path,
                      const std::string& problem) {
    walker search(text, &path);
    json::sax_parse(text, &search);
    return placed(text, where, search.offset) + with_path(path, problem);
}

std::string path_to(const std::string& path, std::size_t index) {
    return path + '[' + std::to_string(index) + ']';
}

std::string path_to(const std::string& path, const std::string& member) {
    const bool plain = !member.empty() && std::all_of(member.begin(), member.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '$';
    });
    if (!plain || member.size() > longest_quote) return path + '[' + shown(member) + ']';
    return path.empty() ? member : path + '.' + member;
}

std::string shown(const json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
    if (text.size() > longest_quote) text = text.substr(0, longest_quote - 3) + "...";
    return text;
}

} // namespace lab
