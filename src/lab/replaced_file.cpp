// SPDX-License-Identifier: MIT
#include "lab/replaced_file.h"

#include "lab/input_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace lab {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
    throw input_error(file.string() + ": cannot be written: " + std::generic_category().message(error));
}

/// A rename survives a power cut when its folder has been written. That it could not be is no reason to say
/// that the file is not there.
void sync_folder(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

} // namespace

std::filesystem::path temporary_beside(const std::filesystem::path& file) {
    static std::atomic<int> count{0};
    std::filesystem::path temporary = file;
    temporary += ".part-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
    return temporary;
}

void take_place(const std::filesystem::path& temporary, const std::filesystem::path& file) {
    std::error_code problem;
    std::filesystem::rename(temporary, file, problem);
    if (problem) throw input_error(file.string() + ": cannot be written: " + problem.message());
    sync_folder(file);
}

replaced_file::replaced_file(std::filesystem::path file)
    : file_(std::move(file)), temporary_(temporary_beside(file_)) {
    errno = 0;
    out_.open(temporary_, std::ios::binary | std::ios::trunc);
    if (!out_) fail(file_, errno);
}

replaced_file::~replaced_file() {
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

void replaced_file::commit() {
    errno = 0;
    out_.close(); // what is still to be written, too
    if (!out_) fail(file_, errno ? errno : EIO);
    take_place(temporary_, file_);
    temporary_.clear();
}

} // namespace lab
