// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// Functions of a Go program that are the same in every scenario, each taken when it is needed.
namespace lab::go_parts {

struct part {
    std::string_view text;
    std::string_view imports; ///< packages it uses, with a space between two
};

part common(); ///< say
part at();
part workers(); ///< start
part workers_that_may_stay();
part report(); ///< of a context
part look_up();
part registrations(); ///< AfterFunc
part requests();      ///< the client, and what all handlers use

/// A handler of the laboratory's server. `name` is empty for a path that has none here.
struct handler_part {
    std::string_view path, name;
    part what;
};
handler_part handler(std::string_view path);

/// The function that a worker of this kind runs.
part worker(std::string_view kind);

} // namespace lab::go_parts
