// SPDX-License-Identifier: MIT
#include "net/connection.h"

#include "net/body.h"
#include "net/engine.h"
#include "net/refusals.h"

#include <sys/socket.h>

namespace net {
namespace {

wire::clock::time_point in(std::chrono::milliseconds d) {
    return wire::clock::now() + d;
}

} // namespace

connection::connection(file_descriptor fd, const surroundings& in)
    : in_(in), fd_(std::move(fd)), peer_(remote_end(fd_.get()).text()), wire_(fd_.get()) {}

void connection::serve(engine& by) {
    if (make_context()) {
        while (wire_.wait_for_data(in(in_.options.idle_timeout)) && take_up() && serve_one(by)) {
        }
        conn_->cancel();
    }
    if (is_hijacked()) return;
    if (must_close_ && !wire_.broken()) wire_.linger();
    close();
}

/// Go: the layers of HTTP-012. False, and answered, if there is none to be had.
bool connection::make_context() {
    try {
        ctx::context c = in_.base;
        if (in_.options.conn_context) c = in_.options.conn_context(c, remote_end(fd_.get()));
        c = ctx::with_value(c, local_addr_context_key, local_end(fd_.get()));
        conn_ = ctx::with_cancel(c);
        return true;
    } catch (const std::exception& e) {
        wire_.write(short_answer(500, std::string("conn_context: ") + e.what()));
        must_close_ = true;
        return false;
    }
}

bool connection::take_up() {
    const std::lock_guard lock(mutex_);
    busy_ = !finishing_;
    return busy_;
}

/// False: the connection is to be closed.
bool connection::serve_one(engine& by) {
    accepted_ = answered_ = wrote_ = mute_ = expects_continue_ = abandoned_ = streaming_ = false;
    begun_ = wire::clock::now();
    begin_life();
    wire_.write_until(wire::never);
    wire_.allow(in_.options.max_header, begun_ + in_.options.read_header_timeout, longest_line);
    bool closed = false;
    const bool ok = by.process(*this, closed);
    end_life();
    writer_.reset();
    body_.reset();
    if (!accepted_) must_close_ = true;
    if (!ok && !wrote_) {
        if (const refusal r = trouble_with_header(wire_.why(), true); r.status != 0)
            wire_.write(short_answer(r.status, r.why));
    }
    const std::lock_guard lock(mutex_);
    busy_ = false;
    return ok && !closed && !must_close_ && !abandoned_ && !finishing_ && !wire_.broken();
}

void connection::turn_away(int limit) {
    using namespace std::chrono_literals;
    wire_.allow(in_.options.max_header, in(1s));
    char c = 0;
    for (int newlines = 0; newlines < 2 && wire_.read(&c, 1) == 1;)
        if (c != '\r') newlines = c == '\n' ? newlines + 1 : 0;
    wire_.write(short_answer(429, "too many connections: at most " + std::to_string(limit)));
    wire_.linger();
    close();
}

std::shared_ptr<request_life> connection::interrupt() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    return life_;
}

void connection::stop_reading() {
    const std::lock_guard lock(mutex_);
    if (fd_) ::shutdown(fd_.get(), SHUT_RD);
}

void connection::cut() {
    const std::lock_guard lock(mutex_);
    if (fd_) ::shutdown(fd_.get(), SHUT_RDWR);
}

void connection::finish() {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    if (!busy_ && fd_) ::shutdown(fd_.get(), SHUT_RDWR);
}

bool connection::is_hijacked() const {
    const std::lock_guard lock(mutex_);
    return hijacked_;
}

void connection::close() {
    const std::lock_guard lock(mutex_);
    fd_ = file_descriptor();
}

void connection::begin_life() {
    auto life = std::make_shared<request_life>(*conn_);
    bool over = false;
    {
        const std::lock_guard lock(mutex_);
        life_ = std::move(life);
        over = interrupted_;
    }
    if (over) life_->end();
}

void connection::end_life() {
    end_watch();
    life_->end();
}

/// Go: startBackgroundRead. Called by whoever has read the last byte of the body.
void connection::begin_watch() {
    const std::lock_guard lock(mutex_);
    if (hijacked_ || watch_) return;
    watch_ = in_.leaving.watch(
        fd_.get(), [life = life_] { life->leave(); }, !in_.options.watch_past_next_request);
}

void connection::end_watch() {
    const std::lock_guard lock(mutex_);
    if (watch_) in_.leaving.forget(*watch_);
    watch_.reset();
}

} // namespace net
