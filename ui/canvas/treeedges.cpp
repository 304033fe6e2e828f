// SPDX-License-Identifier: MIT
#include "canvas/treeedges.h"

#include <array>
#include <cmath>

namespace {

using Curve = std::array<QPointF, 4>;

/// The part of `c` up to `t`, and the rest.
std::pair<Curve, Curve> split(const Curve& c, double t) {
    const auto between = [t](const QPointF& a, const QPointF& b) { return a + (b - a) * t; };
    const QPointF ab = between(c[0], c[1]), bc = between(c[1], c[2]), cd = between(c[2], c[3]);
    const QPointF abc = between(ab, bc), bcd = between(bc, cd), middle = between(abc, bcd);
    return {{c[0], ab, abc, middle}, {middle, bcd, cd, c[3]}};
}

/// Where an edge has risen by that part of its height: t with t * t * (3 - 2 * t) = part.
double risen(double part) {
    double low = 0, high = 1;
    for (int i = 0; i < 32; ++i) {
        const double t = (low + high) / 2;
        (t * t * (3 - 2 * t) < part ? low : high) = t;
    }
    return (low + high) / 2;
}

/// What lies between two heights of a curve that rises or falls all the way, as edges do. A stroke a million
/// pixels long would cost a second, wherever it is clipped.
Curve cut(const Curve& c, double top, double bottom) {
    const auto crossing = [&c](double y) {
        return risen(std::clamp((y - c[0].y()) / (c[3].y() - c[0].y()), 0.0, 1.0));
    };
    const double a = crossing(top), b = crossing(bottom);
    const double first = std::min(a, b), last = std::max(a, b);
    if (last <= first) return c;
    const Curve head = split(c, last).first;
    return split(head, first / last).second;
}

QPointF at(const Curve& c, double t) {
    const double u = 1 - t;
    return c[0] * (u * u * u) + c[1] * (3 * u * u * t) + c[2] * (3 * u * t * t) + c[3] * (t * t * t);
}

} // namespace

QPainterPath edgePath(const TreeScene& scene, const Camera& camera, double viewHeight, int child) {
    const QPointF from = camera.toView(scene.place(scene.parent(child)) + QPointF(cardWidth, cardHeight / 2));
    const QPointF to = camera.toView(scene.place(child) + QPointF(0, cardHeight / 2));
    const QPointF bend((to.x() - from.x()) * 0.55, 0);
    Curve curve{from, from + bend, to - bend, to};
    const double top = -viewHeight / 4, bottom = viewHeight * 5 / 4;
    if (std::min(from.y(), to.y()) < top || std::max(from.y(), to.y()) > bottom)
        curve = cut(curve, top, bottom);
    const double rise = std::abs(curve[3].y() - curve[0].y());
    const int pieces = rise < 0.5 ? 1 : std::clamp(int(8 + rise / 14), 10, 26);
    QPainterPath path(curve[0]);
    for (int i = 1; i < pieces; ++i) path.lineTo(at(curve, double(i) / pieces));
    path.lineTo(curve[3]);
    return path;
}

QLineF plainEdge(const TreeScene& scene, const Camera& camera, int child) {
    return {camera.toView(scene.place(scene.parent(child)) + QPointF(cardWidth, cardHeight / 2)),
            camera.toView(scene.place(child) + QPointF(0, cardHeight / 2))};
}

void EdgeLines::add(const QPainterPath& curve) {
    constexpr int mostElements = 400;
    if (curves.empty() || curves.back().elementCount() > mostElements) curves.emplace_back();
    curves.back().addPath(curve);
}

bool LongEdges::isRepeated(const TreeScene& scene, const Camera& camera, int child) {
    const QPointF corner = camera.toView(scene.place(scene.parent(child)));
    const QPointF end = camera.toView(scene.place(child));
    const double from = corner.y(), to = end.y();
    const bool down = from < to;
    const auto farOut = [this](double y) { return y < -m_height || y > 2 * m_height; };
    if (!farOut(to) || (farOut(from) && (from < 0) == (to < 0))) return false;
    if (farOut(from)) {
        // How far down the edge the view is; edges at nearly the same part of their way coincide.
        const int part = int(std::round((m_height / 2 - from) / (to - from) * 48));
        return isSame(-2 - scene.column(child), part, down);
    }
    // Where it leaves the view; those of one parent that leave it at the same pixel have come there together.
    const double part = ((down ? m_height : 0) - from) / (to - from);
    const double t = risen(part), width = end.x() - corner.x() - cardWidth * camera.zoom;
    const double along = t * t * (3 - 2 * t) * 0.1 + t * 0.9; // of an edge's x, near enough
    return isSame(scene.parent(child), int(std::round(along * width)), down);
}

bool LongEdges::isSame(int from, int place, bool down) {
    if (from == m_from && place == m_place && down == m_down) return true;
    m_from = from;
    m_place = place;
    m_down = down;
    return false;
}
