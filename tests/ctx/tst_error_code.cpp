// SPDX-License-Identifier: MIT
#include "rules.h"

#include "ctx/error.h"

/// What errors become as std::error_code.
class tst_error_code : public QObject {
    Q_OBJECT

  private slots:
    void converts_data();
    void converts() { run_rule(); }
};

namespace {

class disk_full final : public ctx::error_object {
  public:
    std::string text() const override { return "disk full"; }
    std::error_code code() const noexcept override {
        return std::make_error_code(std::errc::no_space_on_device);
    }
};

void own_codes_pass_through_wrapping() {
    const ctx::error e = ctx::wrap("save", ctx::wrap("write", ctx::error::make<disk_full>()));
    QVERIFY(std::error_code(e) == std::errc::no_space_on_device);
}

void an_error_is_never_success() {
    QVERIFY(!std::error_code(ctx::error()));
    for (const ctx::error& e :
         {ctx::error(""), ctx::canceled, ctx::deadline_exceeded, ctx::wrap("around nothing", {}),
          ctx::wrap("twice", ctx::wrap("around nothing", {}))})
        QVERIFY(std::error_code(e));
}

void a_plain_error_is_no_sentinel() {
    const std::error_code plain = ctx::error("context canceled");
    QVERIFY(&plain.category() == &ctx::error_category());
    QVERIFY(plain != std::error_code(ctx::canceled));
    QVERIFY(plain != std::errc::operation_canceled);
    QVERIFY(plain != std::errc::timed_out);
}

} // namespace

void tst_error_code::converts_data() {
    rules({
        {"own codes pass through wrapping", own_codes_pass_through_wrapping},
        {"an error is never success", an_error_is_never_success},
        {"CTX-220 a plain error is no sentinel", a_plain_error_is_no_sentinel},
    });
}

QTEST_APPLESS_MAIN(tst_error_code)
#include "tst_error_code.moc"
