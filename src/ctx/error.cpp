// SPDX-License-Identifier: MIT
#include "ctx/error.h"

namespace ctx {
namespace {

enum class code { other = 1, canceled, deadline_exceeded };

class category final : public std::error_category {
  public:
    const char* name() const noexcept override { return "ctx"; }

    std::string message(int value) const override {
        switch (static_cast<code>(value)) {
        case code::canceled:
            return "context canceled";
        case code::deadline_exceeded:
            return "context deadline exceeded";
        case code::other:
            break;
        }
        return "error";
    }

    std::error_condition default_error_condition(int value) const noexcept override {
        switch (static_cast<code>(value)) {
        case code::canceled:
            return std::errc::operation_canceled;
        case code::deadline_exceeded:
            return std::errc::timed_out;
        case code::other:
            break;
        }
        return {value, *this};
    }
};

std::error_code make(code c) noexcept {
    return {static_cast<int>(c), error_category()};
}

class canceled_error final : public error_object {
  public:
    std::string text() const override { return "context canceled"; }
    std::error_code code() const noexcept override { return make(code::canceled); }
};

class deadline_error final : public error_object {
  public:
    std::string text() const override { return "context deadline exceeded"; }
    bool timeout() const noexcept override { return true; }
    bool temporary() const noexcept override { return true; }
    std::error_code code() const noexcept override { return make(code::deadline_exceeded); }
};

class text_error final : public error_object {
  public:
    explicit text_error(std::string text) : text_(std::move(text)) {}
    std::string text() const override { return text_; }

  private:
    std::string text_;
};

class wrap_error final : public error_object {
  public:
    wrap_error(std::string text, error inner) : text_(std::move(text)), inner_(std::move(inner)) {}
    std::string text() const override { return text_ + ": " + inner_.text(); }
    error unwrap() const noexcept override { return inner_; }
    std::error_code code() const noexcept override { return inner_ ? inner_ : error_object::code(); }

  private:
    std::string text_;
    error inner_;
};

template <class T>
const error_object* immortal_object() noexcept {
    // Never destroyed: threads that outlive main may still compare against it.
    alignas(T) static unsigned char storage[sizeof(T)];
    static const error_object* object = new (storage) T;
    return object;
}

} // namespace

error error_object::unwrap() const noexcept {
    return {};
}

std::error_code error_object::code() const noexcept {
    return make(ctx::code::other);
}

error::error(std::string text) : error(counted_t{}, new text_error(std::move(text))) {}

std::string error::text() const {
    return object_ ? object()->text() : "<nil>";
}

error error::unwrap() const noexcept {
    return object_ ? object()->unwrap() : error{};
}

error::operator std::error_code() const noexcept {
    return object_ ? object()->code() : std::error_code{};
}

const error_object* detail::canceled_object() noexcept {
    return immortal_object<canceled_error>();
}
const error_object* detail::deadline_exceeded_object() noexcept {
    return immortal_object<deadline_error>();
}

error wrap(std::string text, error inner) {
    return error::make<wrap_error>(std::move(text), std::move(inner));
}

bool is(const error& e, const error& target) noexcept {
    if (!target) return !e;
    for (error at = e; at; at = at.unwrap())
        if (at == target) return true;
    return false;
}

bool is_timeout(const error& e) noexcept {
    for (error at = e; at; at = at.unwrap())
        if (at.object()->timeout()) return true;
    return false;
}

bool is_temporary(const error& e) noexcept {
    for (error at = e; at; at = at.unwrap())
        if (at.object()->temporary()) return true;
    return false;
}

const std::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

} // namespace ctx
