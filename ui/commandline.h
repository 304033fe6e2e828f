// SPDX-License-Identifier: MIT
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>

/// What the command line of `ctxlab` asks for.
struct CommandLine {
    enum class Theme { Unset, Light, Dark, System };

    bool help = false;
    bool version = false;
    QString file;     ///< a scenario file or a recording; empty: none
    QString scenario; ///< a shipped scenario's name; empty: none
    std::optional<std::uint16_t> port;
    Theme theme = Theme::Unset;
    QString screenshot; ///< where the picture goes; empty: a window on screen
    QSize size;         ///< of the picture; empty: 1600x1000
    std::optional<double> atMs;

    std::uint16_t portOrDefault() const { return port.value_or(8000); }
};

struct CommandLineError {
    QString message; ///< one line: what is wrong, with which argument, and what was expected
};

/// Reads the arguments after the program's name. Pure: no application object, no file is opened.
struct ParsedCommandLine {
    CommandLine options;
    std::optional<CommandLineError> error;
};
ParsedCommandLine parseCommandLine(const QStringList& arguments);

QString commandLineHelp();
