// SPDX-License-Identifier: MIT
#include "canvas/icons.h"
#include "canvas/theme.h"
#include "commandline.h"
#include "documents.h"
#include "keptrun.h"
#include "mainwindow.h"
#include "scenarios.h"
#include "screenshot.h"
#include "server.h"

#include "lab/recording_file.h"
#include "lab/recording_reader.h"

#include <QApplication>
#include <QLoggingCategory>
#include <QSettings>

#include <cstdio>

namespace {

constexpr int wrongCall = 2;

void printLine(std::FILE* to, const QString& line) {
    std::fprintf(to, "%s\n", qUtf8Printable(line));
    std::fflush(to);
}

bool hasDisplay() {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

void applyTheme(CommandLine::Theme asked, bool remembered) {
    using Mode = ThemeManager::Mode;
    Mode mode = Mode::System;
    switch (asked) {
    case CommandLine::Theme::Light:
        mode = Mode::Light;
        break;
    case CommandLine::Theme::Dark:
        mode = Mode::Dark;
        break;
    case CommandLine::Theme::System:
        break;
    case CommandLine::Theme::Unset:
        if (remembered)
            mode = static_cast<Mode>(
                QSettings().value(QStringLiteral("window/theme"), static_cast<int>(Mode::System)).toInt());
        break;
    }
    ThemeManager::instance().setMode(mode);
}

bool asksForRecording(const CommandLine& options) {
    return !options.file.isEmpty() && lab::is_recording(pathOf(options.file));
}

/// Throws lab::input_error.
std::shared_ptr<const lab::scenario> readScenario(const CommandLine& options) {
    if (asksForRecording(options)) {
        const lab::recording_reader header(pathOf(options.file)); // the rest is read when there is a window
        return nullptr;
    }
    if (!options.file.isEmpty())
        return std::make_shared<const lab::scenario>(lab::load_scenario(pathOf(options.file)));
    if (!options.scenario.isEmpty())
        return std::make_shared<const lab::scenario>(lab::find_scenario(options.scenario.toStdString()));
    return nullptr;
}

int runWindow(QApplication& app, const CommandLine& options, std::shared_ptr<const lab::scenario> scenario) {
    const bool picture = !options.screenshot.isEmpty();
    lab::laboratory laboratory({.running = !picture});
    const Server server = Server::start(laboratory, options.portOrDefault());
    if (!server.problem.isEmpty()) printLine(stderr, QStringLiteral("ctxlab: ") + server.problem);
    if (server.service) printLine(stdout, QStringLiteral("listening on ") + server.address());

    SessionModel session(laboratory);
    MainWindow window(session, picture ? MainWindow::Memory::Forget : MainWindow::Memory::Remember);
    window.setServer(server.address(), server.problem);
    if (picture) {
        const lab::lab_time at = options.atMs ? lab::lab_time(static_cast<std::int64_t>(*options.atMs * 1e6))
                                              : Screenshot::defaultMoment(scenario.get());
        Screenshot::Request request{options.screenshot,
                                    options.size.isEmpty() ? QSize(1600, 1000) : options.size, scenario, at};
        if (asksForRecording(options)) {
            request.recording = options.file;
            request.atEnd = !options.atMs;
        }
        Screenshot screenshot(session, window, request);
        QMetaObject::invokeMethod(&screenshot, &Screenshot::start, Qt::QueuedConnection);
        return QApplication::exec();
    }
    KeptRun run(laboratory);
    window.keep(run);
    if (scenario) window.scenarios().open(std::move(scenario));
    if (asksForRecording(options)) window.documents().open(options.file);
    window.show();
    return app.exec();
}

} // namespace

int main(int argc, char** argv) {
    QStringList arguments;
    for (int i = 1; i < argc; ++i) arguments += QString::fromLocal8Bit(argv[i]);
    const auto [options, error] = parseCommandLine(arguments);
    if (options.help) {
        std::fputs(qUtf8Printable(commandLineHelp()), stdout);
        return 0;
    }
    if (options.version) {
        printLine(stdout, QStringLiteral("ctxlab " CTXLAB_VERSION));
        return 0;
    }
    if (error) {
        printLine(stderr, QStringLiteral("ctxlab: ") + error->message);
        return wrongCall;
    }
    std::shared_ptr<const lab::scenario> scenario;
    try {
        scenario = readScenario(options);
    } catch (const lab::input_error& e) {
        printLine(stderr, QStringLiteral("ctxlab: ") + QString::fromUtf8(e.what()));
        return wrongCall;
    }
    if (!options.screenshot.isEmpty()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        // That platform complains about everything a window has and a picture has not.
        QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false"));
    } else if (!hasDisplay()) {
        printLine(stderr, QStringLiteral(
                              "ctxlab: there is no display; ctxlab-cli serve runs the laboratory without a "
                              "window, and --screenshot makes a picture of it"));
        return wrongCall;
    }
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("ctxlab"));
    QApplication::setApplicationName(QStringLiteral("ctxlab"));
    QApplication::setApplicationVersion(QStringLiteral(CTXLAB_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("ctxlab"));
    QApplication::setWindowIcon(Icons::icon(QStringLiteral("logo"), Icons::Tint::Accent));
    applyTheme(options.theme, options.screenshot.isEmpty());
    return runWindow(app, options, std::move(scenario));
}
