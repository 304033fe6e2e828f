// SPDX-License-Identifier: MIT
#include "canvas/timelinegeometry.h"

#include <algorithm>
#include <cmath>

namespace {

/// Of the spans that share one pixel this many are looked at.
constexpr int lookedAt = 16;

BarKind kindOf(const lab::worker_info& w, int span, lab::lab_time at, std::optional<lab::lab_time> done) {
    const lab::worker_state s = w.spans[std::size_t(span)].state;
    if (s == lab::worker_state::leaked) return BarKind::Leaked;
    if (done && at >= *done) return BarKind::Draining;
    return s == lab::worker_state::waiting ? BarKind::Waiting : BarKind::Running;
}

int firstSpanFrom(const lab::worker_info& w, lab::lab_time t) {
    const auto it =
        std::upper_bound(w.spans.begin(), w.spans.end(), t,
                         [](lab::lab_time value, const lab::worker_span& s) { return value < s.from; });
    return int(it - w.spans.begin());
}

class BarList {
  public:
    explicit BarList(const TimeAxis& axis) : m_axis(axis) {}

    void add(Bar bar) {
        bar.x0 = std::max(bar.x0, m_axis.left);
        bar.x1 = std::min(bar.x1, m_axis.right());
        if (bar.x1 <= bar.x0) return;
        if (!bars.empty() && bars.back().span < 0 && bar.span < 0 && bars.back().kind == bar.kind &&
            bar.x0 <= bars.back().x1) {
            bars.back().x1 = bar.x1;
            return;
        }
        bars.push_back(bar);
    }

    std::vector<Bar> bars;

  private:
    const TimeAxis& m_axis;
};

} // namespace

void TimeAxis::zoomAt(double x, double factor) {
    const double fixed = from + (x - left) * perPixel;
    perPixel = std::clamp(perPixel / factor, finest, coarsest);
    from = fixed - (x - left) * perPixel;
}

void TimeAxis::show(double fromNs, double untilNs) {
    from = fromNs;
    perPixel = std::clamp((untilNs - fromNs) / std::max(1.0, width), finest, coarsest);
}

lab::lab_time rulerStep(double perPixel, double leastPixels) {
    const double least = perPixel * leastPixels;
    std::int64_t ten = 1;
    while (double(ten) * 10 <= least) ten *= 10;
    for (std::int64_t m : {1, 2, 5})
        if (double(ten * m) >= least) return lab::lab_time(ten * m);
    return lab::lab_time(ten * 10);
}

std::vector<lab::lab_time> rulerMarks(const TimeAxis& axis, lab::lab_time step) {
    std::vector<lab::lab_time> marks;
    const std::int64_t s = step.count();
    auto t = std::int64_t(std::ceil(std::max(0.0, axis.from) / double(s))) * s;
    for (; double(t) <= axis.until(); t += s) marks.emplace_back(t);
    return marks;
}

lab::lab_time spanEnd(const lab::worker_info& w, int i, lab::lab_time now) {
    if (std::size_t(i) + 1 < w.spans.size()) return w.spans[std::size_t(i) + 1].from;
    return w.exited ? *w.exited : std::max(now, w.spans[std::size_t(i)].from);
}

int spanAt(const lab::worker_info& w, lab::lab_time t, lab::lab_time now) {
    const int i = firstSpanFrom(w, t) - 1;
    return i >= 0 && t <= spanEnd(w, i, now) ? i : -1;
}

std::vector<Bar> workerBars(const lab::worker_info& w, std::optional<lab::lab_time> done, lab::lab_time now,
                            const TimeAxis& axis) {
    BarList out(axis);
    const int count = int(w.spans.size());
    int i = std::max(0, firstSpanFrom(w, axis.toTime(axis.left)) - 1);
    while (i < count) {
        const lab::lab_time from = w.spans[std::size_t(i)].from, to = spanEnd(w, i, now);
        const double x0 = axis.toPixel(from), x1 = axis.toPixel(to);
        if (x0 > axis.right()) break;
        const bool last = i + 1 == count;
        const bool open = last && !w.exited;
        if (x1 - x0 >= 1 || last) {
            const double end = std::max(x1, x0 + 1);
            const bool split =
                done && *done > from && *done < to && kindOf(w, i, *done, done) != BarKind::Leaked;
            if (split) {
                const double x = axis.toPixel(*done);
                out.add({x0, x, kindOf(w, i, from, done), i, false});
                out.add({x, end, BarKind::Draining, i, open});
            } else {
                out.add({x0, end, kindOf(w, i, from, done), i, open});
            }
            ++i;
            continue;
        }
        const double pixelEnd = std::floor(x0) + 1;
        const int next = std::clamp(firstSpanFrom(w, axis.toTime(pixelEnd)), i + 1, count);
        BarKind kind = BarKind::Waiting;
        for (int k = i; k < std::min(next, i + lookedAt); ++k)
            kind = std::max(kind, kindOf(w, k, w.spans[std::size_t(k)].from, done));
        // The last span that begins in this pixel may reach far beyond it; it gets a bar of its own.
        const double after = axis.toPixel(spanEnd(w, next - 1, now));
        const bool reaches = after > pixelEnd + 1 && next - 1 > i;
        out.add({std::floor(x0), pixelEnd, kind, -1, false});
        i = reaches ? next - 1 : next;
    }
    // A merged pixel may overlap the bar that starts inside it.
    for (std::size_t k = 1; k < out.bars.size(); ++k)
        out.bars[k].x0 = std::max(out.bars[k].x0, out.bars[k - 1].x1);
    std::erase_if(out.bars, [](const Bar& b) { return b.x1 <= b.x0; });
    return std::move(out.bars);
}
