// SPDX-License-Identifier: MIT
#include "chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bench {

namespace {

using points = std::vector<std::pair<double, double>>;

std::string fixed(double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", v);
    return text;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    return out;
}

// Colours stand twice: as attributes for viewers that know no style sheets, and for dark pages.

struct style {
    const char* kind;
    const char* light;
    const char* dark;
};
constexpr style styles[] = {{"ink", "#0b0b0b", "#ffffff"},  {"quiet", "#52514e", "#c3c2b7"},
                            {"grid", "#e3e2dd", "#383835"}, {"ctx", "#2a78d6", "#5a9fec"},
                            {"go", "#c4501f", "#f08a5d"},   {"paper", "#fcfcfb", "#1a1a19"}};

std::string coloured(const char* attribute, const std::string& kind) {
    for (const style& s : styles)
        if (kind == s.kind)
            return " class=\"" + std::string(attribute) + "-" + kind + "\" " + attribute + "=\"" + s.light +
                   "\"";
    return {};
}

std::string text_at(double x, double y, const std::string& kind, const std::string& anchor,
                    const std::string& text, int size = 11, bool bold = false) {
    return "<text" + coloured("fill", kind) + " font-size=\"" + std::to_string(size) + "\"" +
           (bold ? " font-weight=\"600\"" : "") + " x=\"" + fixed(x) + "\" y=\"" + fixed(y) +
           "\" text-anchor=\"" + anchor + "\">" + escaped(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& kind, int thick = 1) {
    return "<line" + coloured("stroke", kind) + " stroke-width=\"" + std::to_string(thick) + "\" x1=\"" +
           fixed(x1) + "\" y1=\"" + fixed(y1) + "\" x2=\"" + fixed(x2) + "\" y2=\"" + fixed(y2) + "\"/>\n";
}

std::string dot(double x, double y, const std::string& kind) {
    return "<circle" + coloured("fill", kind) + " cx=\"" + fixed(x) + "\" cy=\"" + fixed(y) +
           "\" r=\"3\"/>\n";
}

std::string document(double width, double height, const std::string& title, const std::string& body) {
    std::string dark;
    for (const style& s : styles)
        dark += std::string(".fill-") + s.kind + " { fill: " + s.dark + " } .stroke-" + s.kind +
                " { stroke: " + s.dark + " }\n";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + fixed(width) + "\" height=\"" +
           fixed(height) + "\" viewBox=\"0 0 " + fixed(width) + " " + fixed(height) +
           "\" font-family=\"Inter, system-ui, sans-serif\" role=\"img\">\n<title>" + escaped(title) +
           "</title>\n<style>\n@media (prefers-color-scheme: dark) {\n" + dark + "}\n</style>\n<rect" +
           coloured("fill", "paper") + " width=\"" + fixed(width) + "\" height=\"" + fixed(height) +
           "\"/>\n" + body + "</svg>\n";
}

/// 1 ns, 10 µs, 1 ms.
std::string time_text(double ns) {
    const char* unit = " ns";
    if (ns >= 1e6)
        ns /= 1e6, unit = " ms";
    else if (ns >= 1e3)
        ns /= 1e3, unit = " µs";
    return std::to_string(std::lround(ns)) + unit;
}

std::string count_text(double n) {
    if (n >= 1e6) return "1M";
    return n >= 1e3 ? std::to_string(std::lround(n / 1e3)) + "k" : std::to_string(std::lround(n));
}

/// One chart of a series: where it stands, and how figures become places.
struct panel {
    double left, top, width = 250, height = 150;
    int lowest = 9, highest = -9; ///< powers of ten

    double x(double n) const { return left + width * std::log10(n) / 6; }
    double y(double v) const {
        return top + height * (highest - std::log10(v)) / static_cast<double>(highest - lowest);
    }
    void make_room(const points& all) {
        for (const auto& [n, v] : all) {
            lowest = std::min(lowest, static_cast<int>(std::floor(std::log10(v))));
            highest = std::max(highest, static_cast<int>(std::ceil(std::log10(v))));
        }
    }
    std::string axes() const {
        std::string out;
        const int step = highest - lowest > 4 ? 2 : 1;
        for (int power = lowest; power <= highest; power += step) {
            const double v = std::pow(10, power), at = y(v);
            out += line(left, at, left + width, at, "grid");
            out += text_at(left - 6, at + 4, "quiet", "end", power < 0 ? shown(v) + " ns" : time_text(v));
        }
        for (double n = 1; n <= 1e6; n *= 10)
            out += text_at(x(n), top + height + 16, "quiet", "middle", count_text(n));
        return out + line(left, top + height, left + width, top + height, "quiet");
    }
    std::string curve(const points& all, const std::string& who) const {
        if (all.empty()) return {};
        std::string path, dots;
        for (const auto& [n, v] : all) {
            path += (path.empty() ? "M" : " L") + fixed(x(n)) + " " + fixed(y(v));
            dots += dot(x(n), y(v), who);
        }
        return "<path" + coloured("stroke", who) + " fill=\"none\" stroke-width=\"2\" d=\"" + path +
               "\"/>\n" + dots;
    }
};

/// At the end of a curve; apart from each other where the curves end together.
std::string labels(const panel& p, const series& s) {
    const double x = p.left + p.width + 8;
    if (s.ctx.empty()) return {};
    double mine = p.y(s.ctx.back().second), theirs = s.go.empty() ? mine : p.y(s.go.back().second);
    if (!s.go.empty() && std::fabs(mine - theirs) < 13) {
        const double middle = (mine + theirs) / 2;
        (mine >= theirs ? mine : theirs) = middle + 6.5;
        (mine >= theirs ? theirs : mine) = middle - 6.5;
    }
    std::string out = text_at(x, mine + 4, "ctx", "start", "ctx", 11, true);
    if (!s.go.empty()) out += text_at(x, theirs + 4, "go", "start", "Go", 11, true);
    return out;
}

std::string ratio_line(const row& r, double left, double width, double y, double most) {
    const auto x = [&](double times) {
        return left + width * std::log10(std::clamp(times, 0.5, most) / 0.5) / std::log10(most / 0.5);
    };
    std::string out = text_at(left - 10, y + 4, "quiet", "end", r.title);
    const double times = *r.ratio();
    const std::string winner = times >= 1 ? "ctx" : "go";
    out += line(x(1), y, x(times), y, winner, 2) + dot(x(times), y, winner);
    if (r.aim) out += line(x(*r.aim), y - 6, x(*r.aim), y + 6, "ink", 2);
    return out + text_at(left + width + 10, y + 4, "quiet", "start", shown(times) + " x");
}

} // namespace

std::string growth_chart(const std::vector<series>& all) {
    constexpr int columns = 2;
    constexpr double cell_width = 390, cell_height = 235;
    std::string body;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const series& s = all[i];
        panel p{.left = 70 + cell_width * static_cast<double>(i % columns),
                .top = 50 + cell_height * static_cast<double>(i / columns)};
        p.make_room(s.ctx);
        p.make_room(s.go);
        p.highest = std::max(p.highest, p.lowest + 1);
        body += text_at(p.left - 50, p.top - 20, "ink", "start", s.title, 13, true);
        body += p.axes() + p.curve(s.go, "go") + p.curve(s.ctx, "ctx") + labels(p, s);
    }
    const auto lines = (all.size() + columns - 1) / columns;
    return document(cell_width * columns, cell_height * static_cast<double>(lines) + 10,
                    "How cost grows from 1 to 1 000 000", body);
}

std::string ratio_chart(const std::vector<row>& rows) {
    constexpr double left = 400, width = 340, pitch = 18, top = 50;
    std::vector<row> compared;
    double most = 10;
    for (const row& r : rows)
        if (r.go && r.ratio() && r.aim) {
            compared.push_back(r);
            most = std::max(most, *r.ratio());
        }
    most = std::pow(10, std::ceil(std::log10(most)));
    std::string body =
        text_at(20, 24, "ink", "start", "Times better than Go; the black tick is the aim", 13, true);
    const double bottom = top + pitch * static_cast<double>(compared.size());
    for (double times = 1; times <= most; times *= 10) {
        const double x = left + width * std::log10(times / 0.5) / std::log10(most / 0.5);
        body += line(x, top - 10, x, bottom, times == 1 ? "quiet" : "grid");
        body += text_at(x, top - 14, "quiet", "middle", std::to_string(std::lround(times)) + " x");
    }
    for (std::size_t i = 0; i < compared.size(); ++i)
        body += ratio_line(compared[i], left, width, top + 5 + pitch * static_cast<double>(i), most);
    return document(left + width + 80, bottom + 15, "Times better than Go", body);
}

} // namespace bench
