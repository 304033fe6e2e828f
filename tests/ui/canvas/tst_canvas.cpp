// SPDX-License-Identifier: MIT
#include "canvas/theme.h"
#include "canvas/timeline.h"
#include "canvas/treecanvas.h"
#include "canvas/treemotion.h"
#include "canvas/treescene.h"
#include "pictures.h"
#include "rendering.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using pictures::Story;
using rendering::picture;
using rendering::pixelsOf;
using namespace std::chrono_literals;

namespace {

Selection context(lab::id_t id) {
    return {Selection::Sort::Context, id};
}

void wheel(QWidget& w, const QPointF& at, int notches, Qt::KeyboardModifiers modifiers) {
    QWheelEvent e(at, w.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                  false);
    QApplication::sendEvent(&w, &e);
}

} // namespace

class tst_canvas : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase();
    void aCardIsDrawnForEveryContext_data();
    void aCardIsDrawnForEveryContext();
    void framesOfAnyTreeAreQuick_data() { aCardIsDrawnForEveryContext_data(); }
    void framesOfAnyTreeAreQuick();
    void aClickSelectsTheCardUnderIt();
    void aClickOnNothingSelectsNothing();
    void aDragPansAndSelectsNothingElse();
    void theWheelZoomsAtTheMouse();
    void arrowsWalkTheTree();
    void doubleClickAndReturnActivate();
    void theMenuIsAskedForTheCardUnderTheMouse();
    void aDeathMovesNoCard();
    void theFilterFadesWhatDoesNotMatch();
    void fitShowsEveryCard();
    void aSelectionFromOutsideIsBroughtIntoView();
    void theDescriptionTellsPlaceAndState();
    void aNewRunStartsAfresh();
    void theWaveTravelsFromParentToChild();
    void withReducedMotionTheWaveStandsStill();
    void aLookupIsShownForAMoment();
    void aHundredThousandContextsAreNoBurden();
};

void tst_canvas::initTestCase() {
    ThemeManager::instance().setMode(ThemeManager::Mode::Dark);
    ThemeManager::instance().setReduceMotion(true);
}

void tst_canvas::aCardIsDrawnForEveryContext_data() {
    QTest::addColumn<int>("contexts");
    QTest::newRow("5 contexts") << 5;
    QTest::newRow("5000 contexts") << 5000;
}

void tst_canvas::aCardIsDrawnForEveryContext() {
    QFETCH(int, contexts);
    const Story s = pictures::bushy(contexts);
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    canvas.fit();
    const QImage drawn = picture(canvas);
    QVERIFY(pixelsOf(drawn, theme().color(Mark::Active)) > 40);
    // Something is drawn at each card's place.
    for (lab::id_t id = 1; id <= lab::id_t(contexts); id += lab::id_t(contexts / 5)) {
        const QRectF card = canvas.cardRect(id);
        QVERIFY(QRectF(canvas.rect()).contains(card.center()));
        QVERIFY(drawn.pixelColor(card.center().toPoint()) != theme().canvas);
    }
}

void tst_canvas::framesOfAnyTreeAreQuick() {
    QFETCH(int, contexts);
    Story s = pictures::bushy(contexts);
    for (double zoom : {0.0, 0.25, 1.0}) {
        TreeCanvas canvas;
        canvas.resize(1920, 1080);
        canvas.setState(&s.state);
        canvas.fit();
        if (zoom > 0) canvas.setZoom(zoom);
        picture(canvas);
        constexpr int frames = 10;
        QImage image(canvas.size(), QImage::Format_ARGB32_Premultiplied);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < frames; ++i) {
            canvas.stateChanged();
            canvas.render(&image);
        }
        // Far above what it takes, so that a busy machine or a debug build does not fail; a frame that looked
        // at every context's text would.
        QVERIFY2(timer.elapsed() < frames * 120,
                 qPrintable(QString::number(timer.elapsed() / double(frames))));
    }
}

void tst_canvas::aClickSelectsTheCardUnderIt() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    QSignalSpy asked(&canvas, &TreeCanvas::selectionRequested);
    for (const lab::context_info& c : s.state.contexts()) {
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.cardRect(c.id).center().toPoint());
        QCOMPARE(canvas.selection(), context(c.id));
    }
    QCOMPARE(asked.count(), qsizetype(s.state.contexts().size()));
}

void tst_canvas::aClickOnNothingSelectsNothing() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    canvas.setSelection(context(2));
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(20, 500));
    QCOMPARE(canvas.selection(), Selection{});
}

void tst_canvas::aDragPansAndSelectsNothingElse() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    canvas.setSelection(context(2));
    const QRectF before = canvas.cardRect(2);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, QPoint(20, 500));
    QTest::mouseMove(&canvas, QPoint(60, 510));
    QTest::mouseMove(&canvas, QPoint(120, 530));
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, QPoint(120, 530));
    QCOMPARE(canvas.cardRect(2), before.translated(100, 30));
    QCOMPARE(canvas.selection(), context(2));
}

void tst_canvas::theWheelZoomsAtTheMouse() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    const QPointF at = canvas.cardRect(5).center();
    QSignalSpy zoomed(&canvas, &TreeCanvas::zoomChanged);
    const double before = canvas.zoom();
    wheel(canvas, at, 3, Qt::ControlModifier);
    QVERIFY(canvas.zoom() > before);
    QVERIFY((canvas.cardRect(5).center() - at).manhattanLength() < 0.5);
    wheel(canvas, at, -1, Qt::ControlModifier);
    QVERIFY((canvas.cardRect(5).center() - at).manhattanLength() < 0.5);
    QCOMPARE(zoomed.count(), 2);
    const QRectF card = canvas.cardRect(5);
    wheel(canvas, at, 1, Qt::NoModifier);
    QVERIFY(canvas.cardRect(5).top() > card.top());
}

void tst_canvas::arrowsWalkTheTree() {
    Story s;
    const auto a = s.context(1, lab::context_kind::with_cancel, "a");
    const auto b = s.context(1, lab::context_kind::with_cancel, "b");
    const auto leaf = s.context(b, lab::context_kind::with_value, "leaf", {}, "k", "v");
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    const auto press = [&](Qt::Key key) {
        QTest::keyClick(&canvas, key);
        return canvas.selection().id;
    };
    QCOMPARE(press(Qt::Key_Right), lab::id_t(1));
    QCOMPARE(press(Qt::Key_Right), a);
    QCOMPARE(press(Qt::Key_Down), b);
    QCOMPARE(press(Qt::Key_Down), b);
    QCOMPARE(press(Qt::Key_Right), leaf);
    QCOMPARE(press(Qt::Key_Right), leaf);
    QCOMPARE(press(Qt::Key_Left), b);
    QCOMPARE(press(Qt::Key_Up), a);
    QCOMPARE(press(Qt::Key_Left), lab::id_t(1));
    QCOMPARE(press(Qt::Key_Left), lab::id_t(1));
}

void tst_canvas::doubleClickAndReturnActivate() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    QSignalSpy activated(&canvas, &TreeCanvas::activated);
    QTest::mouseDClick(&canvas, Qt::LeftButton, {}, canvas.cardRect(3).center().toPoint());
    QTest::keyClick(&canvas, Qt::Key_Return);
    QCOMPARE(activated.count(), 2);
    QCOMPARE(activated[1][0].value<lab::id_t>(), lab::id_t(3));
}

void tst_canvas::theMenuIsAskedForTheCardUnderTheMouse() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    QSignalSpy menu(&canvas, &TreeCanvas::contextMenuRequested);
    const QPoint at = canvas.cardRect(4).center().toPoint();
    QContextMenuEvent onCard(QContextMenuEvent::Mouse, at, canvas.mapToGlobal(at));
    QApplication::sendEvent(&canvas, &onCard);
    QContextMenuEvent onNothing(QContextMenuEvent::Mouse, QPoint(5, 500), canvas.mapToGlobal(QPoint(5, 500)));
    QApplication::sendEvent(&canvas, &onNothing);
    QCOMPARE(menu.count(), 1);
    QCOMPARE(menu[0][0].value<lab::id_t>(), lab::id_t(4));
    QCOMPARE(menu[0][1].toPoint(), canvas.mapToGlobal(at));
    QCOMPARE(canvas.selection(), context(4));
}

void tst_canvas::aDeathMovesNoCard() {
    Story s = pictures::bushy(60);
    TreeCanvas canvas;
    canvas.resize(1280, 800);
    canvas.setState(&s.state);
    std::vector<QRectF> before;
    for (const auto& c : s.state.contexts()) before.push_back(canvas.cardRect(c.id));
    s.cancel(2);
    canvas.stateChanged();
    std::vector<QRectF> after;
    for (const auto& c : s.state.contexts()) after.push_back(canvas.cardRect(c.id));
    QVERIFY(after == before);
}

void tst_canvas::theFilterFadesWhatDoesNotMatch() {
    const Story s = pictures::server();
    TreeScene scene;
    scene.update(s.state);
    scene.setFilter(QStringLiteral(" SHARD "));
    QCOMPARE(scene.matchCount(), 3);
    for (int i = 0; i < scene.count(); ++i)
        QCOMPARE(scene.look(i).faded, scene.context(i).name.find("shard") == std::string::npos);
    scene.setFilter(QStringLiteral("7f3a"));
    QCOMPARE(scene.matchCount(), 1);
    scene.setFilter({});
    QCOMPARE(scene.matchCount(), scene.count());
}

void tst_canvas::fitShowsEveryCard() {
    for (int n : {5, 60, 5000}) {
        const Story s = pictures::bushy(n);
        TreeCanvas canvas;
        canvas.resize(900, 600);
        canvas.setState(&s.state);
        canvas.setZoom(2);
        canvas.fit();
        for (const auto& c : s.state.contexts())
            QVERIFY(QRectF(canvas.rect()).contains(canvas.cardRect(c.id)));
    }
}

void tst_canvas::aSelectionFromOutsideIsBroughtIntoView() {
    const Story s = pictures::bushy(500);
    TreeCanvas canvas;
    canvas.resize(900, 600);
    canvas.setState(&s.state);
    canvas.setZoom(1);
    for (lab::id_t id : {lab::id_t(499), lab::id_t(3), lab::id_t(250)}) {
        canvas.setSelection(context(id));
        QVERIFY(QRectF(canvas.rect()).contains(canvas.cardRect(id)));
    }
    canvas.setSelection(context(100));
    canvas.centreOnSelection();
    QVERIFY((canvas.cardRect(100).center() - QPointF(450, 300)).manhattanLength() < 2);
}

void tst_canvas::theDescriptionTellsPlaceAndState() {
    const Story s = pictures::server();
    TreeCanvas canvas;
    canvas.setState(&s.state);
    canvas.setSelection(context(11));
    const QString text = canvas.accessibleDescription();
    for (const char* part :
         {"WithCancel", "db-query", "cancelled", "1 of 4 below GET /report/2024", "children: 1"})
        QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
}

void tst_canvas::aNewRunStartsAfresh() {
    Story first = pictures::bushy(60);
    lab::state state = first.state;
    TreeCanvas canvas;
    canvas.resize(900, 600);
    canvas.setState(&state);
    canvas.setZoom(2);
    picture(canvas);
    state = pictures::bushy(5).state;
    canvas.stateChanged();
    QCOMPARE(canvas.zoom(), 1.0);
    QVERIFY(canvas.cardRect(6).isEmpty());
    for (lab::id_t id = 1; id <= 5; ++id) QVERIFY(QRectF(canvas.rect()).contains(canvas.cardRect(id)));
}

void tst_canvas::theWaveTravelsFromParentToChild() {
    Story s;
    const auto a = s.context(1, lab::context_kind::with_cancel, "a");
    const auto value = s.context(a, lab::context_kind::with_value, "v", {}, "k", "v");
    const auto b = s.context(value, lab::context_kind::with_cancel, "b");
    const auto cut = s.context(a, lab::context_kind::without_cancel, "cut");
    TreeScene scene;
    TreeMotion motion;
    scene.update(s.state);
    motion.update(scene, 1000, false);
    QVERIFY(!motion.isActive(1000));
    s.cancel(a);
    scene.update(s.state);
    motion.update(scene, 2000, false);
    QCOMPARE(motion.waveRoot(), a);
    QCOMPARE(motion.arrivals().value(a), qint64(2000));
    QVERIFY(motion.arrivals().value(value) > motion.arrivals().value(a));
    QVERIFY(motion.arrivals().value(b) > motion.arrivals().value(value));
    QVERIFY(!motion.arrivals().contains(cut));
    QVERIFY(motion.glow(b, 2000).travelled < 1);
    QCOMPARE(motion.glow(b, motion.arrivals().value(b)).travelled, 1.0);
    QVERIFY(motion.isActive(2000));
    QVERIFY(!motion.isActive(20000));
    QCOMPARE(motion.glow(b, 20000).strength, 0.0);
}

void tst_canvas::withReducedMotionTheWaveStandsStill() {
    Story s;
    const auto a = s.context(1, lab::context_kind::with_cancel, "a");
    const auto b = s.context(a, lab::context_kind::with_cancel, "b");
    TreeScene scene;
    TreeMotion motion;
    scene.update(s.state);
    motion.update(scene, 1000, true);
    s.cancel(a);
    scene.update(s.state);
    motion.update(scene, 2000, true);
    for (lab::id_t id : {a, b}) QCOMPARE(motion.glow(id, 2000).travelled, 1.0);
    QCOMPARE(motion.glow(b, 2000).strength, motion.glow(b, 3000).strength);
}

void tst_canvas::aLookupIsShownForAMoment() {
    Story s = pictures::server();
    TreeScene scene;
    TreeMotion motion;
    scene.update(s.state);
    motion.update(scene, 1000, false);
    QCOMPARE(motion.walk(1000).strength, 0.0);
    s.lookUp(5, "user");
    scene.update(s.state);
    motion.update(scene, 2000, false);
    QCOMPARE(motion.walk(2000).hops, 0.0);
    QCOMPARE(motion.walk(2000).strength, 1.0);
    QCOMPARE(motion.walk(4000).hops, double(s.state.lookup().path.size() - 1));
    QCOMPARE(motion.walk(9000).strength, 0.0);
}

void tst_canvas::aHundredThousandContextsAreNoBurden() {
    const Story s = pictures::bushy(100'000);
    TreeCanvas tree;
    tree.resize(1280, 800);
    tree.setState(&s.state);
    tree.fit();
    picture(tree);
    TimelineCanvas timeline;
    timeline.resize(1280, 400);
    timeline.setState(&s.state);
    picture(timeline);
    QElapsedTimer timer;
    timer.start();
    picture(tree);
    tree.setZoom(1);
    picture(tree);
    picture(timeline);
    QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!tree.cardRect(100'000).isEmpty());
}

QTEST_MAIN(tst_canvas)
#include "tst_canvas.moc"
