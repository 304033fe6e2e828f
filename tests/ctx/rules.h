// SPDX-License-Identifier: MIT
#pragma once

#include <QTest>

/// Tests whose rows are rules of the conformance spec: a tag that begins with the rule's number, and what
/// shows it.
///
///     void tst_error::holds_data() { rules({{"CTX-222 matching finds wrapped errors", wrapped_matches}}); }
///     void tst_error::holds() { run_rule(); }
using rule_body = void (*)();
Q_DECLARE_METATYPE(rule_body)

struct rule {
    const char* tag;
    rule_body body;
};

inline void rules(std::initializer_list<rule> all) {
    QTest::addColumn<rule_body>("body");
    for (const rule& r : all) QTest::newRow(r.tag) << r.body;
}

inline void run_rule() {
    QFETCH(const rule_body, body);
    body();
}

/// For numbers of rounds and sizes: what a sanitizer makes slow is done less often.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
constexpr int scaled(int n, int divisor = 10) {
    return sanitized ? n / divisor : n;
}
