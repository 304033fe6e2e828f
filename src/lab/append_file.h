// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// A new file that grows at its end. Everything throws input_error with the file's name, or what it is
/// `called` instead, and the system's reason. Not for several threads at once.
class append_file {
  public:
    enum class existing : std::uint8_t { refuse, empty }; ///< what becomes of a file that is there already

    explicit append_file(std::filesystem::path path, existing e = existing::refuse, std::string called = {});
    append_file(append_file&& other) noexcept;
    append_file& operator=(append_file&&) = delete;
    ~append_file();

    /// All of it or, if it fails, nothing: the file then ends where it did.
    void append(std::string_view bytes);
    /// What was appended survives a power cut.
    void sync();
    /// Holds the file's lock until it is closed, by whatever end. False if somebody else does.
    bool lock();

    const std::filesystem::path& path() const { return path_; }
    /// What errors call it.
    const std::string& called() const { return called_; }

  private:
    [[noreturn]] void fail(const char* what) const;

    std::filesystem::path path_;
    std::string called_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace lab
