// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <optional>
#include <vector>

/// Laboratory time along a line of pixels.
struct TimeAxis {
    double left = 0;       ///< first pixel of the plot
    double width = 1;      ///< pixels of the plot
    double from = 0;       ///< nanoseconds at `left`
    double perPixel = 1e6; ///< nanoseconds a pixel

    static constexpr double finest = 10, coarsest = 3.6e12;

    double toPixel(lab::lab_time t) const { return left + (double(t.count()) - from) / perPixel; }
    lab::lab_time toTime(double x) const { return lab::lab_time(std::int64_t(from + (x - left) * perPixel)); }
    double right() const { return left + width; }
    double until() const { return from + width * perPixel; }

    /// The moment under `x` stays there; `factor` over 1 shows less time in more pixels.
    void zoomAt(double x, double factor);
    /// Moves the picture by `pixels` to the right.
    void pan(double pixels) { from -= pixels * perPixel; }
    void show(double fromNs, double untilNs);
};

/// The least of 1, 2, 5, 10 ... (powers of ten of nanoseconds) that is at least `leastPixels` wide.
lab::lab_time rulerStep(double perPixel, double leastPixels);
/// Multiples of `step` that fall on the plot; none before the laboratory's beginning.
std::vector<lab::lab_time> rulerMarks(const TimeAxis& axis, lab::lab_time step);

/// How a stretch of a worker's life is drawn. Draining: its context is done and it has not left yet.
/// In order of how much they tell, for pixels that hold several.
enum class BarKind { Waiting, Running, Draining, Leaked };

struct Bar {
    double x0 = 0, x1 = 0;
    BarKind kind = BarKind::Running;
    int span = -1;     ///< of worker_info::spans; -1: several in a pixel
    bool open = false; ///< still growing
    friend bool operator==(const Bar&, const Bar&) = default;
};

/// The bars of a worker that fall on the plot, left to right, clipped to it. Spans narrower than a pixel are
/// merged, so the result is bounded by the width of the plot and the work by that times log(spans).
std::vector<Bar> workerBars(const lab::worker_info& w, std::optional<lab::lab_time> contextDone,
                            lab::lab_time now, const TimeAxis& axis);

/// The span that holds `t`, or -1.
int spanAt(const lab::worker_info& w, lab::lab_time t, lab::lab_time now);
/// When span `i` ends.
lab::lab_time spanEnd(const lab::worker_info& w, int i, lab::lab_time now);
