// SPDX-License-Identifier: MIT
#pragma once

#include "net/connection.h"

#include <httplib.h>

/// cpp-httplib as a reader of requests and a writer of responses; nothing of its sockets, threads and routes
/// is used.
///
/// Thread safety: process() on any number of threads, each with a connection of its own.
namespace net {

class engine : public httplib::Server {
  public:
    engine(server::handler h, std::chrono::seconds idle_time);

    /// Reads one request and answers it. False: the connection is of no more use.
    bool process(connection& c, bool& closed);

  private:
    const server::handler handler_;
};

} // namespace net
