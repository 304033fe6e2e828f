// SPDX-License-Identifier: MIT
#include "lab/code_text.h"

#include <algorithm>
#include <vector>

namespace lab {
namespace {

constexpr std::size_t widest = 100;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Letters and digits, in words: a capital after a small letter begins one too.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    char before = ' ';
    for (const char c : text) {
        const bool part = is_letter(c) || is_digit(c);
        const bool begins = !is_letter(before) && !is_digit(before);
        const bool hump = lower(before) == before && c != lower(c);
        if (part && (words.empty() || begins || hump)) words.emplace_back();
        if (part) words.back() += lower(c);
        before = c;
    }
    return words;
}

} // namespace

std::string code_literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += '\\'; // three octal digits: no digit that follows can be meant
            for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + ((byte >> shift) & 7));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string code_comment(std::string_view text) {
    std::string out, line, word;
    const auto end_line = [&] {
        if (line.empty()) return;
        if (line.back() == '\\') line += '.'; // or the next line would be a part of it
        out += line + '\n';
        line.clear();
    };
    const auto end_word = [&] {
        if (word.empty()) return;
        if (!line.empty() && line.size() + 1 + word.size() > widest) end_line();
        line += (line.empty() ? "// " : " ") + word;
        word.clear();
    };
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f)
            end_word();
        else
            word += c;
    }
    end_word();
    end_line();
    return out;
}

code_length length_in_units(std::chrono::nanoseconds d) {
    struct unit {
        std::int64_t length;
        std::string_view name;
    };
    constexpr unit units[] = {{3'600'000'000'000, "h"}, {60'000'000'000, "min"}, {1'000'000'000, "s"},
                              {1'000'000, "ms"},        {1'000, "us"},           {1, "ns"}};
    if (d.count() == 0) return {0, "s"};
    for (const unit& u : units)
        if (d.count() % u.length == 0) return {d.count() / u.length, u.name};
    return {d.count(), "ns"};
}

std::set<std::string, std::less<>> code_words(std::string_view text) {
    std::set<std::string, std::less<>> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string code_names::make(std::string_view words, std::string_view fallback) {
    return make({}, words, fallback);
}

std::string code_names::make(std::string_view prefix, std::string_view words, std::string_view fallback) {
    std::vector<std::string> parts = words_of(words);
    if (parts.empty()) parts = words_of(fallback);
    if (!prefix.empty())
        parts.insert(parts.begin(), std::string(prefix));
    else if (is_digit(parts.front().front()))
        parts.insert(parts.begin(), std::string(fallback));
    std::string name;
    for (std::string& part : parts) {
        if (style_ == style::snake && !name.empty()) name += '_';
        if (style_ == style::camel && !name.empty()) part.front() = upper(part.front());
        name += part;
    }
    std::string free = name;
    for (int n = 2; !taken_.insert(free).second; ++n)
        free = name + (style_ == style::snake ? "_" : "") + std::to_string(n);
    return free;
}

} // namespace lab
