// SPDX-License-Identifier: MIT
#include "canvas/theme.h"
#include "canvas/timeline.h"
#include "canvas/timelinepainter.h"
#include "pictures.h"
#include "rendering.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using pictures::Story;
using rendering::picture;
using rendering::pixelsOf;

class tst_timeline : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase();
    void everyLaneOfTheTimelineCanBeClicked();
    void theTimelineFollowsTheClockUntilPanned();
    void keysZoomThePlot();
    void liveEndsGrowWithTheClockAlone();
};

void tst_timeline::initTestCase() {
    ThemeManager::instance().setMode(ThemeManager::Mode::Dark);
}

void tst_timeline::everyLaneOfTheTimelineCanBeClicked() {
    const Story s = pictures::server();
    TimelineCanvas canvas;
    const auto lanes = makeLanes(s.state);
    canvas.resize(
        1200, int(TimelinePainter::rulerHeight + double(lanes.size()) * TimelinePainter::laneHeight) + 10);
    canvas.setState(&s.state);
    const QImage drawn = picture(canvas);
    QVERIFY(pixelsOf(drawn, theme().color(Mark::Active)) > 1000);
    QVERIFY(pixelsOf(drawn, theme().color(Mark::Leaked)) > 200);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const double y = TimelinePainter::rulerHeight + (double(i) + 0.5) * TimelinePainter::laneHeight;
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(60, int(y)));
        QCOMPARE(canvas.selection(), lanes[i].thing);
    }
}

void tst_timeline::theTimelineFollowsTheClockUntilPanned() {
    Story s = pictures::server();
    TimelineCanvas canvas;
    canvas.resize(1200, 400);
    canvas.setState(&s.state);
    picture(canvas);
    QVERIFY(canvas.followsLive());
    QSignalSpy followed(&canvas, &TimelineCanvas::followLiveChanged);
    QTest::keyClick(&canvas, Qt::Key_D);
    QVERIFY(!canvas.followsLive());
    const QImage panned = picture(canvas);
    QTest::keyClick(&canvas, Qt::Key_0);
    QVERIFY(canvas.followsLive());
    QCOMPARE(followed.count(), 2);
    QVERIFY(picture(canvas) != panned);
}

void tst_timeline::keysZoomThePlot() {
    const Story s = pictures::server();
    TimelineCanvas canvas;
    canvas.resize(1200, 400);
    canvas.setState(&s.state);
    const QImage all = picture(canvas);
    QTest::keyClick(&canvas, Qt::Key_W);
    const QImage nearer = picture(canvas);
    QVERIFY(nearer != all);
    QTest::keyClick(&canvas, Qt::Key_0);
    QCOMPARE(picture(canvas), all);
}

void tst_timeline::liveEndsGrowWithTheClockAlone() {
    Story s = pictures::server();
    TimelineCanvas canvas;
    canvas.resize(1200, 800);
    canvas.setState(&s.state);
    const int before = pixelsOf(picture(canvas), theme().color(Mark::Active));
    s.at(std::chrono::milliseconds(1900));
    canvas.timeChanged();
    QVERIFY(pixelsOf(picture(canvas), theme().color(Mark::Active)) > before);
}

QTEST_MAIN(tst_timeline)
#include "tst_timeline.moc"
