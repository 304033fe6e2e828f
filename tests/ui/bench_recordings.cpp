// SPDX-License-Identifier: MIT
#include "documents.h"
#include "exports.h"
#include "lab/random_log.h"
#include "lab/recording_file.h"
#include "lab/unfinished_runs.h"
#include "mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

/// What a large recording costs the window: a million events with 100,000 contexts and as many workers.
namespace {

double residentMb() {
    std::ifstream in("/proc/self/statm");
    double pages = 0, resident = 0;
    in >> pages >> resident;
    return resident * 4096 / 1048576;
}

/// Turns the event loop until `done`, and says how long it was kept from turning at worst.
template <class Done>
double turnUntil(Done done) {
    constexpr int beat = 2; // milliseconds
    qint64 longest = 0;
    QElapsedTimer since;
    QEventLoop loop;
    QTimer pulse;
    QObject::connect(&pulse, &QTimer::timeout, &loop, [&] {
        longest = std::max(longest, since.nsecsElapsed());
        since.restart();
        if (done()) loop.quit();
    });
    since.start();
    pulse.start(beat);
    loop.exec();
    return double(longest) / 1e6;
}

double ms(const QElapsedTimer& since) {
    return double(since.nsecsElapsed()) / 1e6;
}

} // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::size_t events = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
    const std::size_t contexts = argc > 2 ? std::stoul(argv[2]) : events / 10;
    const QTemporaryDir dir;
    const QString file = dir.filePath("run.ctxlab");
    QElapsedTimer since;
    {
        lab::event_log log;
        for (lab::event& e : random_log({.events = events, .contexts = contexts})) log.append(std::move(e));
        since.start();
        lab::save_recording(file.toStdString(), {}, log, {});
        std::printf("save: %.0f ms, %.1f MB, %.1f bytes an event\n", ms(since),
                    double(QFileInfo(file).size()) / 1e6, double(QFileInfo(file).size()) / double(events));
    }
    since.start();
    const auto runs = lab::unfinished_runs(dir.path().toStdString());
    std::printf("look into it for the offer after a crash: %.0f ms, %zu runs\n", ms(since), runs.size());

    lab::laboratory laboratory({.running = false});
    SessionModel session(laboratory);
    MainWindow window(session, MainWindow::Memory::Forget);
    window.show();
    turnUntil([&] { return session.shownSeq() > 0; });
    const double before = residentMb();
    since.start();
    window.documents().open(file);
    double shown = 0;
    double longest = turnUntil([&] { return session.recorded(); });
    std::printf("read in the background: %.0f ms, the window was kept waiting %.0f ms at most\n", ms(since),
                longest);
    window.repaint();
    shown = ms(since);
    longest = turnUntil([n = 0]() mutable { return ++n > 20; });
    std::printf("on screen: after %.0f ms, frames after it took %.0f ms at most; %.0f MB\n", shown, longest,
                residentMb() - before);
    const auto write = [&](Exports::Format format, const char* name) {
        bool ended = false, written = false;
        const auto connection = QObject::connect(&window.exports(), &Exports::finished, [&](bool ok) {
            ended = true;
            written = ok;
        });
        since.start();
        window.exports().write(format, dir.filePath(name));
        const double kept = turnUntil([&] { return ended; });
        QObject::disconnect(connection);
        std::printf("%s: %.0f ms, %.1f MB, the window was kept waiting %.0f ms at most%s\n", name, ms(since),
                    double(QFileInfo(dir.filePath(name)).size()) / 1e6, kept, written ? "" : " (refused)");
    };
    write(Exports::Format::Ndjson, "events.ndjson");
    write(Exports::Format::Perfetto, "trace.json");
    write(Exports::Format::TreePng, "tree.png");
    write(Exports::Format::TimelinePng, "timeline.png");
    since.start();
    session.showMoment(events / 2);
    window.repaint();
    std::printf("another moment: %.0f ms\n", ms(since));
    return 0;
}
