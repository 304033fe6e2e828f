// SPDX-License-Identifier: MIT
#include "net/page.h"

namespace net {

void add_page(router& r) {
    r.add("GET", "/", [](exchange& x, std::uint64_t) {
        x.response.set_header("Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; script-src "
                              "'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
                              "form-action 'none'; frame-ancestors 'none'");
        x.answer(200, page_text(), "text/html; charset=utf-8");
    });
}

} // namespace net
