// SPDX-License-Identifier: MIT
#include "net/op_error.h"

#include "net/socket.h"

#include <cerrno>
#include <system_error>

namespace net {
namespace {

class texted : public ctx::error_object {
  public:
    texted(std::string text, ctx::error inner) : text_(std::move(text)), inner_(std::move(inner)) {}
    std::string text() const override { return text_; }
    ctx::error unwrap() const noexcept override { return inner_; }

  private:
    std::string text_;
    ctx::error inner_;
};

class timed_out final : public texted {
  public:
    using texted::texted;
    bool timeout() const noexcept override { return true; }
    bool temporary() const noexcept override { return true; }
};

} // namespace

std::string connection_ends(int fd) {
    return local_end(fd).text() + "->" + remote_end(fd).text();
}

ctx::error op_error(std::string_view operation, const std::string& ends, int error) {
    const std::string front = std::string(operation) + " tcp " + ends + ": ";
    if (error == ETIMEDOUT) return timeout_error(front + "i/o timeout");
    return system_error_text(front + std::string(operation) + ": ", error);
}

ctx::error system_error_text(const std::string& front, int error) {
    std::string text = std::generic_category().message(error);
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return ctx::error(front + text);
}

ctx::error timeout_error(std::string text, ctx::error wraps) {
    return ctx::error::make<timed_out>(std::move(text), std::move(wraps));
}

ctx::error matching_error(std::string text, ctx::error matches) {
    return ctx::error::make<texted>(std::move(text), std::move(matches));
}

} // namespace net
