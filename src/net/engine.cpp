// SPDX-License-Identifier: MIT
#include "net/engine.h"

#include "net/socket.h"

namespace net {
namespace {

/// The connection whose request this thread is processing: cpp-httplib's handlers get the request only.
thread_local connection* current = nullptr;

/// No member says `override`: newer versions of the base class have more of them, and each version its own.
class stream final : public httplib::Stream {
  public:
    explicit stream(connection& on) : on_(on) {}

    bool is_readable() const { return true; }
    bool is_writable() const { return !on_.line().broken(); }
    bool wait_readable() const { return true; }
    bool wait_writable() const { return !on_.line().broken(); }
    bool is_peer_alive() const { return !on_.line().broken(); }
    ssize_t read(char* into, size_t size) { return on_.receive(into, size); }
    ssize_t write(const char* bytes, size_t size) {
        return on_.send({bytes, size}) ? static_cast<ssize_t>(size) : -1;
    }
    void get_remote_ip_and_port(std::string& ip, int& port) const { split(on_.peer(), ip, port); }
    void get_local_ip_and_port(std::string& ip, int& port) const { ip.clear(), port = 0; }
    socket_t socket() const { return INVALID_SOCKET; } // it refuses numbers beyond select's limit
    time_t duration() const { return 0; }

  private:
    static void split(const std::string& peer, std::string& ip, int& port) {
        const std::size_t colon = peer.rfind(':');
        ip = peer.substr(0, colon);
        port = std::stoi("0" + peer.substr(colon + 1));
    }
    connection& on_;
};

} // namespace

engine::engine(server::handler h, std::chrono::seconds idle_time) : handler_(std::move(h)) {
    svr_sock_ = 0; // not INVALID_SOCKET: that means "shutting down" and would end every stream
    set_keep_alive_timeout(static_cast<time_t>(idle_time.count()));
    set_keep_alive_max_count(1'000'000);
    set_pre_routing_handler([this](const httplib::Request& r, httplib::Response& response) {
        current->answer(r, response, handler_);
        return HandlerResponse::Handled;
    });
    set_error_handler(HandlerWithResponse([](const httplib::Request& r, httplib::Response& response) {
        return current->complete_error(r, response) ? HandlerResponse::Handled : HandlerResponse::Unhandled;
    }));
    set_post_routing_handler(
        [](const httplib::Request&, httplib::Response& response) { current->polish(response); });
}

bool engine::process(connection& c, bool& closed) {
    current = &c;
    stream s(c);
    const std::function<void(httplib::Request&)> accept = [&c](httplib::Request& r) { c.accept(r); };
    // process_request grew parameters in 0.18.0, and in 0.33.0 one more that can be left out.
    const auto process = [&](auto& self) {
        if constexpr (requires { self.process_request(s, false, closed, accept); })
            return self.process_request(s, false, closed, accept);
        else
            return self.process_request(s, c.peer(), 0, std::string(), 0, false, closed, accept);
    };
    const bool ok = process(*this);
    current = nullptr;
    return ok;
}

} // namespace net
