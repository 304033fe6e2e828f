// SPDX-License-Identifier: MIT
#include "openedrecording.h"

#include "lab/recording_file.h"

namespace {

/// Reading is about so much of the work; the rest is folding, and putting into words.
constexpr double readingPart = 0.45;
constexpr std::size_t atOnce = 16'384;

} // namespace

std::filesystem::path pathOf(const QString& file) {
    return std::filesystem::path(file.toStdU16String());
}

std::shared_ptr<const OpenedRecording> OpenedRecording::read(const QString& file,
                                                             Errand::Progress& progress) {
    auto log = std::make_unique<lab::event_log>();
    lab::opened_recording r =
        lab::open_recording(pathOf(file), *log, [&](std::uint64_t bytes, std::uint64_t of) {
            progress.report(readingPart * double(bytes) / double(of));
            return progress.isWanted();
        });
    if (r.given_up) return nullptr;
    const auto all = double(std::max<std::uint64_t>(1, log->last_seq()));
    auto history = std::make_shared<History>(std::move(log));
    for (bool more = true; more;) {
        if (!progress.isWanted()) return nullptr;
        more = history->advance(atOnce);
        progress.report(readingPart + (1 - readingPart) * double(history->lastSeq()) / all);
    }
    auto opened = std::make_shared<OpenedRecording>();
    opened->file = file;
    opened->header = std::move(r.header);
    opened->lives = std::move(r.lives);
    opened->damage = std::move(r.damage);
    opened->history = std::move(history);
    return opened;
}

void OpenedRecording::save(const QString& as) const {
    lab::save_recording(pathOf(as), header, history->log(), lives);
}
