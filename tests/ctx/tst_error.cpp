// SPDX-License-Identifier: MIT
#include "rules.h"

#include "ctx/error.h"

/// Errors as values: identity, wrapping, matching, and their bridge to std::error_code.
class tst_error : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

namespace {

/// An error type of a program's own.
class network_error final : public ctx::error_object {
  public:
    explicit network_error(bool slow) : slow_(slow) {}
    std::string text() const override { return slow_ ? "i/o timeout" : "connection refused"; }
    bool timeout() const noexcept override { return slow_; }

  private:
    bool slow_;
};

void canceled_is_one_value() {
    QCOMPARE(ctx::canceled.text(), std::string("context canceled"));
    const ctx::error copy = ctx::canceled;
    QVERIFY(copy == ctx::canceled);
    QVERIFY(ctx::error("context canceled") != ctx::canceled);
    QVERIFY(!ctx::is_timeout(ctx::canceled));
    QVERIFY(!ctx::is_temporary(ctx::canceled));
}

void deadline_exceeded_is_a_timeout() {
    QCOMPARE(ctx::deadline_exceeded.text(), std::string("context deadline exceeded"));
    QVERIFY(ctx::is_timeout(ctx::deadline_exceeded));
    QVERIFY(ctx::is_temporary(ctx::deadline_exceeded));
    QVERIFY(ctx::deadline_exceeded != ctx::canceled);
}

void matching_finds_wrapped_errors() {
    const ctx::error boom("boom");
    const ctx::error outer = ctx::wrap("stop", ctx::wrap("inside", ctx::canceled));
    QCOMPARE(outer.text(), std::string("stop: inside: context canceled"));
    QVERIFY(ctx::is(outer, ctx::canceled));
    QVERIFY(!ctx::is(outer, ctx::deadline_exceeded));
    QVERIFY(!ctx::is(outer, boom));
    QVERIFY(ctx::is(outer, outer));
    QVERIFY(outer != ctx::canceled);
    QVERIFY(outer.unwrap() == ctx::wrap("", outer).unwrap().unwrap());
    QVERIFY(ctx::is_timeout(ctx::wrap("slow", ctx::deadline_exceeded)));
    QVERIFY(!ctx::is(ctx::canceled, outer));
}

void the_sentinels_do_not_match_each_other() {
    QVERIFY(!ctx::is(ctx::canceled, ctx::deadline_exceeded));
    QVERIFY(!ctx::is(ctx::deadline_exceeded, ctx::canceled));
}

void the_empty_error_is_nil() {
    const ctx::error none;
    QVERIFY(!none);
    QVERIFY(none == ctx::error(nullptr));
    QCOMPARE(none.text(), std::string("<nil>"));
    QVERIFY(!none.unwrap());
    QVERIFY(none.object() == nullptr);
    QVERIFY(ctx::is(none, {}));
    QVERIFY(!ctx::is(none, ctx::canceled));
    QVERIFY(!ctx::is(ctx::canceled, none));
    QVERIFY(!ctx::is_timeout(none));
}

void equal_texts_are_different_errors() {
    const ctx::error a("same"), b("same");
    QVERIFY(a != b);
    const ctx::error c = a;
    QVERIFY(a == c);
    ctx::error moved = std::move(const_cast<ctx::error&>(c));
    QVERIFY(moved == a);
    moved = b;
    QVERIFY(moved == b && moved != a);
}

void own_types_keep_what_they_say() {
    const ctx::error slow = ctx::error::make<network_error>(true);
    const ctx::error refused = ctx::error::make<network_error>(false);
    QCOMPARE(slow.text(), std::string("i/o timeout"));
    QVERIFY(ctx::is_timeout(ctx::wrap("get", slow)));
    QVERIFY(!ctx::is_timeout(refused));
    QVERIFY(dynamic_cast<const network_error*>(slow.object()) != nullptr);
    QVERIFY(dynamic_cast<const network_error*>(ctx::canceled.object()) == nullptr);
}

void error_codes_match_the_standard_conditions() {
    const std::error_code canceled = ctx::canceled, late = ctx::wrap("slow", ctx::deadline_exceeded);
    QVERIFY(canceled == std::errc::operation_canceled);
    QVERIFY(late == std::errc::timed_out);
    QVERIFY(canceled != std::errc::timed_out);
    QCOMPARE(canceled.message(), std::string("context canceled"));
    QVERIFY(!std::error_code(ctx::error{}));
    QVERIFY(std::error_code(ctx::error("boom")));
    QCOMPARE(canceled.category().name(), "ctx");
}

} // namespace

void tst_error::holds_data() {
    rules({
        {"CTX-220 canceled is one value", canceled_is_one_value},
        {"CTX-221 deadline_exceeded is a timeout", deadline_exceeded_is_a_timeout},
        {"CTX-222 matching finds wrapped errors", matching_finds_wrapped_errors},
        {"CTX-222 the sentinels do not match each other", the_sentinels_do_not_match_each_other},
        {"the empty error is nil", the_empty_error_is_nil},
        {"equal texts are different errors", equal_texts_are_different_errors},
        {"own types keep what they say", own_types_keep_what_they_say},
        {"CTX-220 error codes match the standard conditions", error_codes_match_the_standard_conditions},
    });
}

QTEST_APPLESS_MAIN(tst_error)
#include "tst_error.moc"
