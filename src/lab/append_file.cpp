// SPDX-License-Identifier: MIT
#include "lab/append_file.h"

#include "lab/input_error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace lab {

append_file::append_file(std::filesystem::path path, existing e, std::string called)
    : path_(std::move(path)), called_(called.empty() ? path_.string() : std::move(called)) {
    const int mode = O_WRONLY | O_CREAT | O_CLOEXEC | (e == existing::refuse ? O_EXCL : O_TRUNC);
    constexpr int everybody = 0666; // less what the user's mask takes away
    fd_ = ::open(path_.c_str(), mode, everybody);
    if (fd_ < 0) fail("cannot be written");
}

append_file::append_file(append_file&& other) noexcept
    : path_(std::move(other.path_)), called_(std::move(other.called_)), fd_(std::exchange(other.fd_, -1)),
      size_(other.size_) {}

append_file::~append_file() {
    if (fd_ >= 0) ::close(fd_);
}

void append_file::append(std::string_view bytes) {
    for (std::string_view rest = bytes; !rest.empty();) {
        const ssize_t n = ::write(fd_, rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno != EINTR) {
            const int why = errno;
            // A reader stops at half a block as it does at none; only the next attempt must begin here.
            const bool back = ::ftruncate(fd_, static_cast<off_t>(size_)) == 0 &&
                              ::lseek(fd_, static_cast<off_t>(size_), SEEK_SET) >= 0;
            errno = back ? why : errno;
            fail("could not be written");
        }
    }
    size_ += bytes.size();
}

void append_file::sync() {
    // Devices and pipes have nothing to sync.
    if (::fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS) fail("could not be written to the disk");
}

bool append_file::lock() {
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    fail("cannot be locked");
}

void append_file::fail(const char* what) const {
    throw input_error(called_ + ": " + what + ": " + std::generic_category().message(errno));
}

} // namespace lab
