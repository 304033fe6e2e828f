// SPDX-License-Identifier: MIT
#include "server.h"

#include "labtext.h"

#include <QCoreApplication>

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Server", text);
}

} // namespace

QString Server::address() const {
    return service ? LabText::of(service->address()) : QString();
}

Server Server::start(lab::laboratory& laboratory, std::uint16_t port) {
    Server server;
    try {
        server.service = std::make_unique<net::service>(laboratory, net::service_options{.port = port});
        return server;
    } catch (const net::listen_error& e) {
        server.problem = LabText::of(e.what()) + QLatin1Char('.');
        server.problem[0] = server.problem[0].toUpper();
    }
    try {
        server.service = std::make_unique<net::service>(laboratory, net::service_options{.port = 0});
        server.problem +=
            tr(" Serving on port %1 instead; --port chooses another.").arg(server.service->port());
    } catch (const net::listen_error&) {
        server.problem +=
            tr(" No free port was found either, so there is no server. Contexts and workers work all "
               "the same; for requests, start ctxlab again when a port is free.");
    }
    return server;
}
