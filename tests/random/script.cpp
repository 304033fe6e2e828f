// SPDX-License-Identifier: MIT
#include "random/script.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <string_view>

namespace scripts {

namespace {

std::string unit(unsigned u) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", u);
    return text.data();
}

/// Writes JSON in one of its many ways.
class writer {
  public:
    explicit writer(std::uint32_t style) : plain_(style == 0), random_(style + 1) {}

    std::string text(const std::string& s);
    std::string object(std::vector<std::string> members);
    std::string space() { return one_in(6) ? (one_in(2) ? " " : "\t") : ""; }
    std::string member(const char* name, const std::string& value) {
        return quoted(name) + space() + ":" + space() + value;
    }

  private:
    bool one_in(unsigned n) { return !plain_ && random_() / 7 % n == 0; }
    std::string character(std::uint32_t c, std::string_view bytes, bool last);
    std::string short_escape(std::uint32_t c);

    const bool plain_;
    std::minstd_rand random_;
};

std::string writer::short_escape(std::uint32_t c) {
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return unit(c);
    }
}

std::string writer::character(std::uint32_t c, std::string_view bytes, bool last) {
    if (c == 0xfffd && one_in(2)) { // what a decoder puts in the place of something that is no character
        if (one_in(2)) return one_in(2) ? "\xff" : "\x80";
        return one_in(2) && last ? "\\ud812" : "\\udead";
    }
    if (c < 0x20 || c == '"' || c == '\\') return one_in(2) ? unit(c) : short_escape(c);
    if (c == '/' && one_in(2)) return "\\/";
    if (!one_in(8)) return std::string(bytes);
    if (c < 0x10000) return unit(c);
    return unit(0xd800 + ((c - 0x10000) >> 10)) + unit(0xdc00 + ((c - 0x10000) & 0x3ff));
}

/// `s` is UTF-8.
std::string writer::text(const std::string& s) {
    std::string out = "\"";
    for (std::size_t at = 0; at < s.size();) {
        const auto lead = static_cast<unsigned char>(s[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        std::uint32_t c = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<unsigned char>(s[at + i]) & 0x3fu);
        out += character(c, std::string_view(s).substr(at, length), at + length == s.size());
        at += length;
    }
    return out += '"';
}

std::string writer::object(std::vector<std::string> members) {
    if (!plain_) std::shuffle(members.begin(), members.end(), random_);
    std::string out = space() + "{" + space();
    for (std::size_t i = 0; i < members.size(); ++i) out += (i > 0 ? "," + space() : "") + members[i];
    return out + space() + "}" + space();
}

std::string error(writer& w, const error_text& e) {
    std::vector<std::string> members;
    if (e.is) members.push_back(w.member("is", w.text(*e.is)));
    if (e.wrap) members.push_back(w.member("wrap", w.text(*e.wrap)));
    if (e.text) members.push_back(w.member("text", w.text(*e.text)));
    return w.object(std::move(members));
}

} // namespace

bool asks_only(const op& o) {
    constexpr std::array<std::string_view, 12> questions = {"err",    "cause",    "errIs",    "causeIs",
                                                            "done",   "sameDone", "deadline", "value",
                                                            "string", "children", "now",      "watchers"};
    return o.name == "registered" || std::find(questions.begin(), questions.end(), o.name) != questions.end();
}

std::string json(const op& o) {
    writer w(o.style);
    std::vector<std::string> members = {w.member("op", w.text(o.name))};
    const auto text = [&](const char* name, const std::optional<std::string>& s) {
        if (s) members.push_back(w.member(name, w.text(*s)));
    };
    const auto number = [&](const char* name, const std::optional<std::int64_t>& n) {
        if (n) members.push_back(w.member(name, std::to_string(*n)));
    };
    text("id", o.id);
    text("parent", o.parent);
    text("kind", o.kind);
    text("name", o.label);
    number("at", o.at);
    number("ms", o.ms);
    if (o.cause) members.push_back(w.member("cause", error(w, *o.cause)));
    if (o.err) members.push_back(w.member("err", error(w, *o.err)));
    text("keyType", o.key_type);
    text("key", o.key);
    text("valType", o.val_type);
    text("val", o.val);
    if (o.ids) {
        std::string list = "[";
        for (const std::string& id : *o.ids) list += (list.size() > 1 ? "," + w.space() : "") + w.text(id);
        members.push_back(w.member("ids", list + "]"));
    }
    text("ctx", o.ctx);
    text("cancels", o.cancels);
    text("a", o.a);
    text("b", o.b);
    return w.object(std::move(members));
}

std::string json(const script& s, bool as_list) {
    std::string out = as_list ? "[\n" : "";
    for (const op& o : s) {
        out += json(o);
        if (as_list && &o != &s.back()) out += ',';
        if (!as_list && o.style % 50 == 7) out += "\r\n  \n# a comment {\"op\":";
        out += '\n';
    }
    return as_list ? out + "]\n" : out;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) {
            out += unit(static_cast<unsigned char>(c));
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

} // namespace scripts
