// SPDX-License-Identifier: MIT
#pragma once

#include "net/service.h"

#include <QString>

#include <memory>

/// The embedded server as the window starts it: on the port asked for, else on a free one, else none at all;
/// the laboratory is worth having without.
struct Server {
    std::unique_ptr<net::service> service; ///< null: no server
    QString problem;                       ///< what did not go as asked, and what to do; empty: all well

    QString address() const;

    static Server start(lab::laboratory& laboratory, std::uint16_t port);
};
