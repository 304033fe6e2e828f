// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>

namespace lab {

/// A file of the user's that is written anew: it is what it was, or not there, until commit().
///
///     lab::replaced_file file("trace.json");   // throws now if nothing can be written there
///     file.out() << text;
///     file.commit();
///
/// Everything throws input_error that names the file. Not for several threads at once.
class replaced_file {
  public:
    explicit replaced_file(std::filesystem::path file);
    replaced_file(const replaced_file&) = delete;
    replaced_file& operator=(const replaced_file&) = delete;
    ~replaced_file();

    std::ostream& out() { return out_; }
    /// Throws if anything of it could not be written. Once.
    void commit();

  private:
    std::filesystem::path file_;
    std::filesystem::path temporary_; ///< empty: it has taken the file's place
    std::ofstream out_;
};

/// A name in the same folder, so that what is there can take the file's place.
std::filesystem::path temporary_beside(const std::filesystem::path& file);
/// Puts `temporary` in the place of `file`, for good. Throws input_error that names the file.
void take_place(const std::filesystem::path& temporary, const std::filesystem::path& file);

} // namespace lab
