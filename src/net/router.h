// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.h"
#include "net/params.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Which handler a request goes to.
///
///     routes.add("GET", "/api/v1/contexts/{id}/value", [](exchange& x, std::uint64_t id) { ... });
///
/// A path that nobody has gets 404; a method that a path does not have gets 405, with Allow. HEAD goes where
/// GET goes. A handler's request_error becomes the answer.
namespace net {

class router {
  public:
    using handler = std::function<void(exchange&, std::uint64_t id)>;

    /// `{id}` stands for a whole number; 0 is handed to handlers of paths without one.
    void add(std::string method, std::string path, handler h);
    void serve(exchange& x) const;

  private:
    struct route {
        std::string method, path;
        handler serve;
    };
    std::vector<route> routes_;
};

} // namespace net
