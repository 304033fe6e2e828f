// SPDX-License-Identifier: MIT
#include "net/refusals.h"

#include "net/exchange.h"
#include "net/reason.h"

namespace net {

refusal trouble_with_header(wire::trouble t, bool first_line) {
    switch (t) {
    case wire::trouble::late:
        return {408, "the request header did not arrive in time"};
    case wire::trouble::too_much:
        return {431, "the request header is too large"};
    case wire::trouble::line_too_long:
        if (first_line)
            return {414, "the request target is longer than " + std::to_string(longest_line) + " bytes"};
        return {431, "a header line is longer than " + std::to_string(longest_line) + " bytes"};
    default:
        return {};
    }
}

refusal trouble_with_request(const httplib::Request& r, int status) {
    // An HTTP/2 client's first words are a request line of that version (HTTP-009).
    if (r.version.starts_with("HTTP/") && !r.version.starts_with("HTTP/1."))
        return {505, r.version + ": only HTTP/1.1 and HTTP/1.0 are spoken here"};
    switch (status) {
    case 400:
        return {400, "malformed request: expected an HTTP/1.1 request line and headers"};
    case 414:
        return {414, "the request target is too long"};
    case 416:
        return {416, "Range: not understood"};
    default:
        return {status, "internal error"};
    }
}

std::string short_answer(int status, std::string_view why) {
    const std::string body = error_json(why);
    return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) +
           "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace net
