// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// Functions of a C++ program that are the same in every scenario, each taken when it is needed; in this
/// order.
namespace lab::cpp_parts {

std::string_view common(); ///< say
std::string_view at();
std::string_view report();  ///< of a context
std::string_view workers(); ///< start
std::string_view workers_that_may_stay();
std::string_view look_up();
std::string_view registrations(); ///< after_func
std::string_view pause();

/// The function that a worker of this kind runs.
std::string_view worker(std::string_view kind);

} // namespace lab::cpp_parts
