// SPDX-License-Identifier: MIT
#include "commandline.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("CommandLine", text);
}

using Failure = std::optional<CommandLineError>;

Failure wrong(const QString& option, const QString& value, const QString& expected) {
    return CommandLineError{tr("%1: \"%2\": expected %3").arg(option, value, expected)};
}

Failure readPort(CommandLine& to, const QString& value) {
    bool ok = false;
    const uint port = value.toUInt(&ok);
    if (!ok || port > 65535)
        return wrong(QStringLiteral("--port"), value, tr("a number from 0 (any free port) to 65535"));
    to.port = static_cast<std::uint16_t>(port);
    return {};
}

Failure readTheme(CommandLine& to, const QString& value) {
    if (value == QLatin1String("light"))
        to.theme = CommandLine::Theme::Light;
    else if (value == QLatin1String("dark"))
        to.theme = CommandLine::Theme::Dark;
    else if (value == QLatin1String("system"))
        to.theme = CommandLine::Theme::System;
    else
        return wrong(QStringLiteral("--theme"), value, tr("light, dark or system"));
    return {};
}

Failure readSize(CommandLine& to, const QString& value) {
    const QStringList parts = value.split(QLatin1Char('x'));
    bool okWidth = false;
    bool okHeight = false;
    if (parts.size() == 2) to.size = QSize(parts[0].toInt(&okWidth), parts[1].toInt(&okHeight));
    const auto fits = [](int n) { return n >= 320 && n <= 16384; };
    if (!okWidth || !okHeight || !fits(to.size.width()) || !fits(to.size.height()))
        return wrong(QStringLiteral("--size"), value, tr("WIDTHxHEIGHT, each from 320 to 16384"));
    return {};
}

Failure readAt(CommandLine& to, const QString& value) {
    bool ok = false;
    const double ms = value.toDouble(&ok);
    constexpr double day = 24 * 3600 * 1000.0;
    if (!ok || !std::isfinite(ms) || ms < 0 || ms > day)
        return wrong(QStringLiteral("--at"), value, tr("milliseconds, from 0 to 86400000"));
    to.atMs = ms;
    return {};
}

Failure readLesson(CommandLine&, const QString& value) {
    return CommandLineError{
        tr("--lesson: \"%1\": this version has no lessons yet; --scenario opens a scenario").arg(value)};
}

Failure readScenario(CommandLine& to, const QString& value) {
    to.scenario = value;
    return {};
}

Failure readScreenshot(CommandLine& to, const QString& value) {
    to.screenshot = value;
    return {};
}

struct ValueOption {
    QLatin1String name;
    Failure (*read)(CommandLine&, const QString&);
};

constexpr ValueOption valueOptions[] = {
    {QLatin1String("--lesson"), readLesson},
    {QLatin1String("--scenario"), readScenario},
    {QLatin1String("--port"), readPort},
    {QLatin1String("--theme"), readTheme},
    {QLatin1String("--size"), readSize},
    {QLatin1String("--at"), readAt},
    {QLatin1String("--screenshot"), readScreenshot},
};

/// `--name value` or `--name=value`; moves `i` on to the value in the first case.
Failure readOption(CommandLine& to, const QStringList& arguments, qsizetype& i) {
    const QString argument = arguments[i];
    const qsizetype equals = argument.indexOf(QLatin1Char('='));
    const QString name = equals < 0 ? argument : argument.left(equals);
    const auto* option = std::find_if(std::begin(valueOptions), std::end(valueOptions),
                                      [&](const ValueOption& o) { return o.name == name; });
    if (option == std::end(valueOptions))
        return CommandLineError{tr("%1: unknown option; --help lists those there are").arg(argument)};
    if (equals >= 0) return option->read(to, argument.mid(equals + 1));
    if (i + 1 >= arguments.size()) return CommandLineError{tr("%1: a value is missing after it").arg(name)};
    return option->read(to, arguments[++i]);
}

Failure checkTogether(const CommandLine& c) {
    if (!c.file.isEmpty() && !c.scenario.isEmpty())
        return CommandLineError{tr("%1: give either a file or --scenario, not both").arg(c.file)};
    if (c.screenshot.isEmpty() && !c.size.isEmpty())
        return CommandLineError{tr("--size: only with --screenshot")};
    if (c.screenshot.isEmpty() && c.atMs) return CommandLineError{tr("--at: only with --screenshot")};
    return {};
}

} // namespace

ParsedCommandLine parseCommandLine(const QStringList& arguments) {
    ParsedCommandLine result;
    bool onlyFiles = false;
    for (qsizetype i = 0; i < arguments.size() && !result.error; ++i) {
        const QString& argument = arguments[i];
        if (onlyFiles || !argument.startsWith(QLatin1Char('-'))) {
            if (argument.isEmpty())
                result.error =
                    CommandLineError{tr("\"\": expected the name of a scenario file or a recording")};
            else if (!result.options.file.isEmpty())
                result.error = CommandLineError{tr("%1: one file at a time").arg(argument)};
            result.options.file = argument;
        } else if (argument == QLatin1String("--")) {
            onlyFiles = true;
        } else if (argument == QLatin1String("--help") || argument == QLatin1String("-h")) {
            result.options.help = true;
        } else if (argument == QLatin1String("--version")) {
            result.options.version = true;
        } else {
            result.error = readOption(result.options, arguments, i);
        }
    }
    if (!result.error) result.error = checkTogether(result.options);
    return result;
}

QString commandLineHelp() {
    return tr("Usage: ctxlab [FILE] [options]\n"
              "A laboratory for Go's context package: derive contexts, cancel them, watch workers leave.\n"
              "FILE is a scenario (.json), or a recording (.ctxlab).\n"
              "\n"
              "  --scenario NAME       open a scenario shipped with the program\n"
              "  --lesson ID           open a lesson (this version has none yet)\n"
              "  --port N              port of the embedded server; default 8000, 0: any free one\n"
              "  --theme THEME         light, dark or system\n"
              "  --screenshot OUT.png  save a picture of the window without showing it, and exit\n"
              "      --size WxH        its size; default 1600x1000\n"
              "      --at MS           the laboratory time at which it is taken\n"
              "  --help, --version     say this, or the version, and exit\n"
              "\n"
              "Exit status: 0 done, 1 the picture could not be saved, 2 the call or its input is wrong.\n");
}
