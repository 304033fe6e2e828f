// SPDX-License-Identifier: MIT
#pragma once

#include "errand.h"
#include "history.h"

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/recording.h"
#endif

#include <QString>

#include <filesystem>
#include <memory>

/// A recording as the window keeps it: its log with every moment of it, and what went into it.
struct OpenedRecording {
    QString file;
    lab::recording_header header;
    std::vector<lab::life> lives; ///< at least one
    std::optional<lab::recording_damage> damage;
    std::shared_ptr<const History> history;

    /// Reads the file; any thread. Null if it was given up. Throws lab::input_error.
    static std::shared_ptr<const OpenedRecording> read(const QString& file, Errand::Progress& progress);

    /// Writes it anew, whole. Any thread. Throws lab::input_error.
    void save(const QString& as) const;
};

/// A name as the file system has it.
std::filesystem::path pathOf(const QString& file);
