// SPDX-License-Identifier: MIT
#include "canvas/treecanvas.h"
#include "lab/random_log.h"
#include "mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <random>

/// How quickly the whole window shows moments of a long recording: a million events, measured from the
/// request until every panel is painted.
namespace {

double percentile(const std::vector<double>& took, double part) {
    return took[std::min(took.size() - 1, static_cast<std::size_t>(part * static_cast<double>(took.size())))];
}

void report(const char* what, std::vector<double> took) {
    std::sort(took.begin(), took.end());
    std::printf("%-42s median %6.1f ms, 95 %% %6.1f ms, worst %6.1f ms\n", what, percentile(took, 0.5),
                percentile(took, 0.95), took.back());
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const std::size_t events = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
    const std::size_t contexts = argc > 2 ? std::stoul(argv[2]) : 5'000;

    QElapsedTimer clock;
    auto log = std::make_unique<lab::event_log>();
    for (lab::event& e : random_log({.events = events, .contexts = contexts})) log->append(std::move(e));
    clock.start();
    auto recording = std::make_shared<History>(std::unique_ptr<const lab::event_log>(std::move(log)));
    while (recording->advance()) {
    }
    std::printf("%zu events, %zu contexts: read in %lld ms\n", events, contexts, clock.elapsed());

    lab::laboratory laboratory({.running = false});
    SessionModel session(laboratory);
    MainWindow window(session, MainWindow::Memory::Forget);
    window.show();
    QCoreApplication::processEvents();
    const auto show = [&](auto&& go) {
        clock.restart();
        go();
        QCoreApplication::processEvents(); // paints
        return static_cast<double>(clock.nsecsElapsed()) / 1e6;
    };
    report("opened", {show([&] { session.openRecording(recording, QStringLiteral("long.ctxlab")); })});
    if (argc > 3) window.grab().save(QString::fromLocal8Bit(argv[3]));
    std::mt19937_64 random(1);
    std::vector<double> anywhere, back, dragged;
    for (int i = 0; i < 60; ++i) anywhere.push_back(show([&] { session.showMoment(1 + random() % events); }));
    report("a moment anywhere", anywhere);
    session.showMoment(events / 2);
    for (int i = 0; i < 60; ++i) back.push_back(show([&] { session.showMoment(session.shownSeq() - 1); }));
    report("one event back", back);
    const lab::lab_time end = session.whole().now();
    for (int i = 60; i > 0; --i) dragged.push_back(show([&] { session.showTime(end * i / 61); }));
    report("dragged from the end to the beginning", dragged);
    return 0;
}
