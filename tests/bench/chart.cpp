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

std::string text_at(double x, double y, const std::string& kind, const std::string& anchor,
                    const std::string& text) {
    return "<text class=\"" + kind + "\" x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" text-anchor=\"" +
           anchor + "\">" + escaped(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& kind) {
    return "<line class=\"" + kind + "\" x1=\"" + fixed(x1) + "\" y1=\"" + fixed(y1) + "\" x2=\"" +
           fixed(x2) + "\" y2=\"" + fixed(y2) + "\"/>\n";
}

std::string document(double width, double height, const std::string& title, const std::string& body) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + fixed(width) + "\" height=\"" +
           fixed(height) + "\" viewBox=\"0 0 " + fixed(width) + " " + fixed(height) +
           "\" role=\"img\">\n<title>" + escaped(title) +
           "</title>\n<style>\n"
           "svg { --paper: #fcfcfb; --ink: #0b0b0b; --quiet: #52514e; --grid: #e3e2dd; --ctx: #2a78d6; --go: "
           "#c4501f }\n"
           "@media (prefers-color-scheme: dark) { svg { --paper: #1a1a19; --ink: #ffffff; --quiet: #c3c2b7; "
           "--grid: #383835; --ctx: #5a9fec; --go: #f08a5d } }\n"
           "text { font: 11px Inter, system-ui, sans-serif; fill: var(--quiet) }\n"
           ".title { font-size: 13px; font-weight: 600; fill: var(--ink) }\n"
           ".paper { fill: var(--paper) } .grid { stroke: var(--grid) } .axis { stroke: var(--quiet) }\n"
           ".curve { fill: none; stroke-width: 2 } .curve.ctx { stroke: var(--ctx) } .curve.go { stroke: "
           "var(--go) }\n"
           ".dot.ctx { fill: var(--ctx) } .dot.go { fill: var(--go) } .aim { stroke: var(--ink); "
           "stroke-width: 2 }\n"
           ".label { font-weight: 600 } .label.ctx { fill: var(--ctx) } .label.go { fill: var(--go) }\n"
           "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" +
           body + "</svg>\n";
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
    int lowest = 0, highest = 1; ///< powers of ten

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
            out += text_at(left - 6, at + 4, "tick", "end", power < 0 ? shown(v) + " ns" : time_text(v));
        }
        for (double n = 1; n <= 1e6; n *= 10)
            out += text_at(x(n), top + height + 16, "tick", "middle", count_text(n));
        return out + line(left, top + height, left + width, top + height, "axis");
    }
    std::string curve(const points& all, const std::string& who) const {
        if (all.empty()) return {};
        std::string path, dots;
        for (const auto& [n, v] : all) {
            path += (path.empty() ? "M" : "L") + fixed(x(n)) + " " + fixed(y(v));
            dots += "<circle class=\"dot " + who + "\" cx=\"" + fixed(x(n)) + "\" cy=\"" + fixed(y(v)) +
                    "\" r=\"3\"/>\n";
        }
        return "<path class=\"curve " + who + "\" d=\"" + path + "\"/>\n" + dots;
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
    std::string out = text_at(x, mine + 4, "label ctx", "start", "ctx");
    if (!s.go.empty()) out += text_at(x, theirs + 4, "label go", "start", "Go");
    return out;
}

std::string ratio_line(const row& r, double left, double width, double y, double most) {
    const auto x = [&](double times) {
        return left + width * std::log10(std::clamp(times, 0.5, most) / 0.5) / std::log10(most / 0.5);
    };
    std::string out = text_at(left - 10, y + 4, "tick", "end", r.title);
    const double times = *r.ratio();
    out += line(x(1), y, x(times), y, times >= 1 ? "curve ctx" : "curve go");
    out += "<circle class=\"dot " + std::string(times >= 1 ? "ctx" : "go") + "\" cx=\"" + fixed(x(times)) +
           "\" cy=\"" + fixed(y) + "\" r=\"4\"/>\n";
    if (r.aim) out += line(x(*r.aim), y - 6, x(*r.aim), y + 6, "aim");
    return out + text_at(left + width + 10, y + 4, "tick", "start", shown(times) + " x");
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
        body += text_at(p.left - 50, p.top - 20, "title", "start", s.title);
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
    std::string body = text_at(20, 24, "title", "start", "Times better than Go; the bar is the aim");
    const double bottom = top + pitch * static_cast<double>(compared.size());
    for (double times = 1; times <= most; times *= 10) {
        const double x = left + width * std::log10(times / 0.5) / std::log10(most / 0.5);
        body += line(x, top - 10, x, bottom, times == 1 ? "axis" : "grid");
        body += text_at(x, top - 14, "tick", "middle", std::to_string(std::lround(times)) + " x");
    }
    for (std::size_t i = 0; i < compared.size(); ++i)
        body += ratio_line(compared[i], left, width, top + 5 + pitch * static_cast<double>(i), most);
    return document(left + width + 80, bottom + 15, "Times better than Go", body);
}

} // namespace bench
