// SPDX-License-Identifier: MIT
#pragma once

#include "lab/laboratory.h"
#include "net/socket.h"

#include <cstdint>
#include <memory>
#include <string>

/// The HTTP half of a laboratory: the embedded server, the built-in client, and the API, joined to one
/// laboratory.
///
///     lab::laboratory lab;
///     net::service http(lab, {.port = 8000});      // throws net::listen_error if the port is taken
///     lab.post(lab::send_request{.path = "/process?work=2s", .abort_after = 500ms});
///
/// Lifetime: the service must be destroyed before its laboratory. The destructor stops listening, cancels
/// every request's context, and joins every thread it made, within a second.
namespace net {

struct service_options {
    std::uint16_t port = 8000; ///< 0: any free one
    std::string address = "127.0.0.1";
    int max_connections = 1024;
};

class service final : public lab::request_sender {
  public:
    service(lab::laboratory& lab, service_options options = {});
    ~service() override;

    std::uint16_t port() const;
    std::string address() const; ///< "http://127.0.0.1:8000"

    lab::reply send(const lab::send_request& r) override;
    lab::reply abort(const lab::abort_request& r) override;

    struct impl;

  private:
    std::unique_ptr<impl> impl_;
};

} // namespace net
