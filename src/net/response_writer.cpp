// SPDX-License-Identifier: MIT
#include "net/response_writer.h"

#include "net/reason.h"

#include <cstdio>

namespace net {
namespace {

constexpr std::size_t most_buffered = 4096;

std::string chunk(std::string_view bytes) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + std::string(bytes) + "\r\n";
}

} // namespace

bool response_writer::bodiless() const {
    return request_.method == "HEAD" || response_.status == 204 || response_.status == 304;
}

std::string response_writer::header() {
    begun_ = true;
    if (response_.status < 0) response_.status = 200;
    sized_ = bodiless() || response_.has_header("Content-Length");
    chunked_ = !sized_ && request_.version == "HTTP/1.1";
    if (chunked_) response_.set_header("Transfer-Encoding", "chunked");
    if (!response_.has_header("Content-Type") && !bodiless())
        response_.set_header("Content-Type", "text/plain; charset=utf-8");
    if (must_close()) {
        response_.headers.erase("Connection");
        response_.set_header("Connection", "close");
    }
    std::string s = "HTTP/1.1 " + std::to_string(response_.status) + " " +
                    std::string(reason_of(response_.status)) + "\r\n";
    for (const auto& [name, value] : response_.headers) s += name + ": " + value + "\r\n";
    return s + "\r\n";
}

bool response_writer::send_buffer() {
    std::string all = begun_ ? std::string() : header();
    if (!buffer_.empty() && !bodiless()) all += chunked_ ? chunk(buffer_) : buffer_;
    buffer_.clear();
    return send_(all);
}

bool response_writer::write(std::string_view bytes) {
    buffer_ += bytes;
    return buffer_.size() <= most_buffered || send_buffer();
}

bool response_writer::flush() {
    return send_buffer();
}

bool response_writer::finish() {
    if (begun_) {
        if (!buffer_.empty() && !send_buffer()) return false;
        return !chunked_ || send_("0\r\n\r\n");
    }
    if (!buffer_.empty()) {
        const std::string type = response_.get_header_value("Content-Type");
        response_.set_content(std::move(buffer_), type.empty() ? "text/plain; charset=utf-8" : type);
    }
    return true;
}

} // namespace net
