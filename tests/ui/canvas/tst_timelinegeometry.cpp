// SPDX-License-Identifier: MIT
#include "canvas/marks.h"
#include "canvas/timelinegeometry.h"
#include "canvas/timelinelanes.h"
#include "pictures.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::worker_state;

class tst_timelinegeometry : public QObject {
    Q_OBJECT
  private slots:
    void timeAndPixelAreInverse();
    void zoomKeepsTheMomentUnderTheMouse();
    void rulerStepsAreRoundAndWideEnough_data();
    void rulerStepsAreRoundAndWideEnough();
    void theRulerStartsWithTheLaboratory();
    void barsFollowTheSpans();
    void aBarIsSplitWhereDoneWasClosed();
    void aLeakStaysALeakAfterDone();
    void anOpenSpanEndsAtTheClock();
    void aMillionSpansBecomeAtMostAPixelEach();
    void zoomedInOnlyVisibleSpansAreTouched();
    void aPixelShowsWhatTellsMost();
    void spanAtFindsTheSpan();
    void lanesGroupWorkersUnderTheirContext();
    void aRequestStandsForItsContext();
    void cancelMarksAreTheRootsOfPropagations();
    void spansReadWithThreeDigits_data();
    void spansReadWithThreeDigits();
    void momentsHaveAsManyDigitsAsTheRulerNeeds();
};

namespace {

TimeAxis axis() {
    return {.left = 100, .width = 1000, .from = 0, .perPixel = 1e6}; // 1 ms a pixel
}

lab::worker_info worker(std::vector<lab::worker_span> spans, std::optional<lab::lab_time> exited = {}) {
    lab::worker_info w;
    w.id = 1;
    w.started = spans.front().from;
    w.spans = std::move(spans);
    w.exited = exited;
    return w;
}

} // namespace

void tst_timelinegeometry::timeAndPixelAreInverse() {
    TimeAxis a = axis();
    a.from = -2e6;
    for (lab::lab_time t : {0ns, 1ns, 123456789ns, 999ms + 0ns})
        QVERIFY(std::abs((a.toTime(a.toPixel(t)) - t).count()) <= 1);
}

void tst_timelinegeometry::zoomKeepsTheMomentUnderTheMouse() {
    TimeAxis a = axis();
    const double x = 437;
    const lab::lab_time under = a.toTime(x);
    for (double factor : {1.25, 3.0, 0.2, 50.0}) {
        a.zoomAt(x, factor);
        QVERIFY(std::abs(double((a.toTime(x) - under).count())) <= 2);
    }
    a.zoomAt(x, 1e12);
    QCOMPARE(a.perPixel, TimeAxis::finest);
}

void tst_timelinegeometry::rulerStepsAreRoundAndWideEnough_data() {
    QTest::addColumn<double>("perPixel");
    QTest::addColumn<qint64>("step");
    QTest::newRow("a microsecond a pixel") << 1e3 << qint64(100'000);
    QTest::newRow("a millisecond a pixel") << 1e6 << qint64(100'000'000);
    QTest::newRow("just over a power of ten") << 1.2e6 << qint64(200'000'000);
    QTest::newRow("between two and five") << 3e6 << qint64(500'000'000);
    QTest::newRow("over five") << 6e6 << qint64(1'000'000'000);
}

void tst_timelinegeometry::rulerStepsAreRoundAndWideEnough() {
    QFETCH(double, perPixel);
    QFETCH(qint64, step);
    QCOMPARE(qint64(rulerStep(perPixel, 90).count()), step);
}

void tst_timelinegeometry::theRulerStartsWithTheLaboratory() {
    TimeAxis a = axis();
    a.from = -50e6;
    const auto marks = rulerMarks(a, 200ms);
    QCOMPARE(marks.front(), lab::lab_time(0));
    QCOMPARE(marks.back(), lab::lab_time(800ms));
    QCOMPARE(marks.size(), std::size_t(5));
}

void tst_timelinegeometry::barsFollowTheSpans() {
    const auto w =
        worker({{10ms, worker_state::running, ""}, {40ms, worker_state::waiting, "a timer"}}, 90ms);
    const auto bars = workerBars(w, {}, 500ms, axis());
    const std::vector<Bar> expected{{110, 140, BarKind::Running, 0, false},
                                    {140, 190, BarKind::Waiting, 1, false}};
    QCOMPARE(bars.size(), expected.size());
    QVERIFY(bars == expected);
}

void tst_timelinegeometry::aBarIsSplitWhereDoneWasClosed() {
    const auto w = worker({{0ms, worker_state::running, ""}}, 100ms);
    const auto bars = workerBars(w, 60ms, 500ms, axis());
    const std::vector<Bar> expected{{100, 160, BarKind::Running, 0, false},
                                    {160, 200, BarKind::Draining, 0, false}};
    QVERIFY(bars == expected);
}

void tst_timelinegeometry::aLeakStaysALeakAfterDone() {
    const auto w = worker({{0ms, worker_state::running, ""}, {70ms, worker_state::leaked, ""}});
    const auto bars = workerBars(w, 20ms, 100ms, axis());
    QCOMPARE(bars.size(), std::size_t(3));
    QVERIFY(bars[1].kind == BarKind::Draining);
    QVERIFY(bars[2].kind == BarKind::Leaked);
    QVERIFY(bars[2].open);
}

void tst_timelinegeometry::anOpenSpanEndsAtTheClock() {
    const auto w = worker({{10ms, worker_state::waiting, ""}});
    QCOMPARE(workerBars(w, {}, 300ms, axis()).back().x1, 400.0);
    QCOMPARE(workerBars(w, {}, 301ms, axis()).back().x1, 401.0);
}

void tst_timelinegeometry::aMillionSpansBecomeAtMostAPixelEach() {
    std::vector<lab::worker_span> spans;
    for (int i = 0; i < 1'000'000; ++i)
        spans.push_back(
            {std::chrono::microseconds(i), i % 2 ? worker_state::running : worker_state::waiting, ""});
    const auto w = worker(std::move(spans));
    const auto bars = workerBars(w, {}, 1s, axis());
    QVERIFY(!bars.empty());
    QVERIFY(bars.size() <= 1001);
    QVERIFY(bars.front().x0 <= 101 && bars.back().x1 >= 1099);
    for (std::size_t i = 1; i < bars.size(); ++i) QVERIFY(bars[i].x0 >= bars[i - 1].x1);
}

void tst_timelinegeometry::zoomedInOnlyVisibleSpansAreTouched() {
    std::vector<lab::worker_span> spans;
    for (int i = 0; i < 100'000; ++i)
        spans.push_back({std::chrono::milliseconds(i), worker_state(i % 2), ""});
    const auto w = worker(std::move(spans));
    TimeAxis a = axis();
    a.from = 50e9;
    a.perPixel = 1e4; // 100 pixels a span
    const auto bars = workerBars(w, {}, 100s, a);
    QVERIFY(bars.size() == 10 || bars.size() == 11);
    QCOMPARE(bars.front().x0, 100.0);
    QCOMPARE(bars.front().span, 50'000);
}

void tst_timelinegeometry::aPixelShowsWhatTellsMost() {
    const auto w = worker({{10ms, worker_state::waiting, ""},
                           {10ms + 100us, worker_state::running, ""},
                           {10ms + 200us, worker_state::leaked, ""},
                           {10ms + 300us, worker_state::waiting, ""},
                           {11ms, worker_state::waiting, "x"}},
                          20ms);
    const auto bars = workerBars(w, {}, 30ms, axis());
    QVERIFY(bars.front().kind == BarKind::Leaked);
    QCOMPARE(bars.front().span, -1);
    QVERIFY(bars.back().kind == BarKind::Waiting);
}

void tst_timelinegeometry::spanAtFindsTheSpan() {
    const auto w = worker({{10ms, worker_state::running, ""}, {40ms, worker_state::waiting, ""}}, 90ms);
    QCOMPARE(spanAt(w, 5ms, 100ms), -1);
    QCOMPARE(spanAt(w, 10ms, 100ms), 0);
    QCOMPARE(spanAt(w, 39ms, 100ms), 0);
    QCOMPARE(spanAt(w, 40ms, 100ms), 1);
    QCOMPARE(spanAt(w, 91ms, 100ms), -1);
}

void tst_timelinegeometry::lanesGroupWorkersUnderTheirContext() {
    const pictures::Story s = pictures::server();
    const auto lanes = makeLanes(s.state);
    lab::id_t group = 0;
    std::size_t workers = 0;
    for (const Lane& lane : lanes) {
        if (lane.first) {
            group = lane.context;
            continue;
        }
        ++workers;
        QCOMPARE(lane.indent, 1);
        QCOMPARE(lane.context, group);
        QCOMPARE(s.state.worker(lane.thing.id)->context, group);
    }
    QCOMPARE(workers, s.state.workers().size());
}

void tst_timelinegeometry::aRequestStandsForItsContext() {
    const pictures::Story s = pictures::server();
    const auto lanes = makeLanes(s.state);
    for (const lab::request_info& r : s.state.requests()) {
        const auto mine = std::count_if(lanes.begin(), lanes.end(),
                                        [&](const Lane& l) { return l.first && l.context == r.context; });
        QCOMPARE(mine, 1);
        QVERIFY(std::any_of(lanes.begin(), lanes.end(), [&](const Lane& l) {
            return l.thing == Selection{Selection::Sort::Request, r.id};
        }));
    }
    for (const lab::context_info& c : s.state.contexts())
        if (c.kind == lab::context_kind::with_value)
            QVERIFY(
                std::none_of(lanes.begin(), lanes.end(), [&](const Lane& l) { return l.context == c.id; }));
}

void tst_timelinegeometry::cancelMarksAreTheRootsOfPropagations() {
    const pictures::Story s = pictures::server();
    const auto marks = cancelMarks(s.state);
    QCOMPARE(marks.size(), std::size_t(3));
    QCOMPARE(s.state.context(marks[0].context)->name, std::string("janitor"));
    QCOMPARE(s.state.context(marks[1].context)->name, std::string("shard-3"));
    QVERIFY(marks[1].deadline);
    QCOMPARE(s.state.context(marks[2].context)->name, std::string("GET /report/2024"));
    QCOMPARE(marks[2].at, lab::lab_time(1540ms));
}

void tst_timelinegeometry::spansReadWithThreeDigits_data() {
    QTest::addColumn<qint64>("ns");
    QTest::addColumn<QString>("text");
    QTest::newRow("forty microseconds") << qint64(40'000) << QStringLiteral("0.04 ms");
    QTest::newRow("a few milliseconds") << qint64(6'240'000) << QStringLiteral("6.2 ms");
    QTest::newRow("tens of milliseconds") << qint64(62'000'000) << QStringLiteral("62 ms");
    QTest::newRow("seconds") << qint64(1'250'000'000) << QStringLiteral("1.25 s");
    QTest::newRow("many seconds") << qint64(12'340'000'000) << QStringLiteral("12.3 s");
    QTest::newRow("minutes") << qint64(90'000'000'000) << QStringLiteral("1.5 min");
}

void tst_timelinegeometry::spansReadWithThreeDigits() {
    QFETCH(qint64, ns);
    QFETCH(QString, text);
    QCOMPARE(spanText(lab::lab_time(ns)), text);
}

void tst_timelinegeometry::momentsHaveAsManyDigitsAsTheRulerNeeds() {
    QCOMPARE(momentText(1250ms), QStringLiteral("+1.250 s"));
    QCOMPARE(momentText(2s, 1s), QStringLiteral("+2 s"));
    QCOMPARE(momentText(500ms, 100ms), QStringLiteral("+0.5 s"));
    QCOMPARE(momentText(1us, 500ns), QStringLiteral("+0.0000010 s"));
}

QTEST_GUILESS_MAIN(tst_timelinegeometry)
#include "tst_timelinegeometry.moc"
