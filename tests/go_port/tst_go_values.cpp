// SPDX-License-Identifier: MIT
#include "ctx/panics.h"
#include "go_port.h"

#include <deque>
#include <random>

namespace context_test {
struct key1 {
    int n;
    bool operator==(const key1&) const = default;
};
/// The same number, another type, with a String method.
struct key2 {
    int n;
    bool operator==(const key2&) const = default;
    std::string string() const { return "context_test.key2(" + std::to_string(n) + ")"; }
};
} // namespace context_test

template <>
struct ctx::type_traits<context_test::key1> {
    static constexpr std::string_view name = "context_test.key1";
};

/// Go's x_test.go: values, names, layers, arguments, errors.
class tst_go_values : public QObject {
    Q_OBJECT

  private slots:
    void goTests_data();
    void goTests() { run_rule(); }
};

using namespace go_port;
using test::panic_of;

namespace {

const ctx::any_key k1(context_test::key1{1}), k2(context_test::key2{1}), k3(context_test::key2{3});

ctx::any_value text(const char* s) {
    return ctx::any_value(std::string(s));
}

/// What `c` answers for the three keys; "" for nothing.
std::vector<std::string> answers(const ctx::context& c) {
    std::vector<std::string> all;
    for (const ctx::any_key& k : {k1, k2, k3}) {
        const ctx::any_value v = c.value(k);
        const auto* s = v.as<std::string>();
        all.push_back(s ? *s : std::string());
    }
    return all;
}

void values() {
    using these = std::vector<std::string>;
    const ctx::context c0 = ctx::background();
    QCOMPARE(answers(c0), (these{"", "", ""}));
    const ctx::context c1 = ctx::with_value(c0, k1, text("c1k1"));
    QCOMPARE(answers(c1), (these{"c1k1", "", ""}));
    const std::string name1 = "context.Background.WithValue(context_test.key1, c1k1)";
    QCOMPARE(c1.string(), name1);
    const ctx::context c2 = ctx::with_value(c1, k2, text("c2k2"));
    QCOMPARE(answers(c2), (these{"c1k1", "c2k2", ""}));
    const std::string name2 = name1 + ".WithValue(context_test.key2(1), c2k2)";
    QCOMPARE(c2.string(), name2);
    const ctx::context c3 = ctx::with_value(c2, k3, text("c3k3"));
    QCOMPARE(answers(c3), (these{"c1k1", "c2k2", "c3k3"}));
    const ctx::context c4 = ctx::with_value(c3, k1, {});
    QCOMPARE(answers(c4), (these{"", "c2k2", "c3k3"}));
    QCOMPARE(c4.string(),
             name2 + ".WithValue(context_test.key2(3), c3k3).WithValue(context_test.key1, <nil>)");

    const ctx::context o0 = other_context(ctx::background());
    QCOMPARE(answers(o0), (these{"", "", ""}));
    const ctx::context o1 = other_context(ctx::with_value(ctx::background(), k1, text("c1k1")));
    QCOMPARE(answers(o1), (these{"c1k1", "", ""}));
    const ctx::context o2 = ctx::with_value(o1, k2, text("o2k2"));
    QCOMPARE(answers(o2), (these{"c1k1", "o2k2", ""}));
    const ctx::context o3 = other_context(c4);
    QCOMPARE(answers(o3), (these{"", "c2k2", "c3k3"}));
    const ctx::context o4 = ctx::with_value(o3, k3, {});
    QCOMPARE(answers(o4), (these{"", "c2k2", ""}));
    // Nothing above has changed.
    QCOMPARE(answers(c1), (these{"c1k1", "", ""}));
    QCOMPARE(answers(c3), (these{"c1k1", "c2k2", "c3k3"}));
}

/// A random chain of values, cancels and timeouts, with at least one of each.
struct layers {
    explicit layers(std::uint32_t seed, ctx::duration timeout) : random(seed) {
        int timers = 0;
        for (int i = 0; i < 30 || timers == 0 || cancels.empty() || bound.empty(); ++i) {
            const std::uint32_t kind = random() % 3;
            if (kind == 0) {
                bound.push_back(i);
                leaf = ctx::with_value(leaf, ctx::any_key(&bound.back()), ctx::any_value(&bound.back()));
                continue;
            }
            const auto made = kind == 1 ? ctx::with_cancel(leaf) : ctx::with_timeout(leaf, timeout);
            timers += kind == 2;
            leaf = made.context;
            cancels.push_back(made.cancel);
        }
    }
    bool all_values_are_found() {
        for (int& b : bound) {
            const ctx::any_value v = leaf.value(ctx::any_key(&b));
            if (!v.as<int*>() || *v.as<int*>() != &b) return false;
        }
        return true;
    }

    std::mt19937 random;
    std::deque<int> bound; // keys by their address
    std::vector<ctx::cancel_func> cancels;
    ctx::context leaf;
};

void layers_hold(bool expire) {
    const std::uint32_t seed = std::random_device{}();
    qInfo("seed=%u", seed);
    layers l(seed, expire ? short_duration : very_long_duration);
    if (!expire) QVERIFY(blocks(l.leaf));
    QVERIFY(l.leaf.string().starts_with("context.Background."));
    QVERIFY(l.all_values_are_found());
    if (expire) {
        QVERIFY(ends(l.leaf.done()));
        QCOMPARE(l.leaf.err(), ctx::deadline_exceeded);
    } else {
        l.cancels[l.random() % l.cancels.size()]();
        QVERIFY(!blocks(l.leaf));
        QCOMPARE(l.leaf.err(), ctx::canceled);
    }
    QVERIFY(l.all_values_are_found());
}

void layers_cancel() {
    layers_hold(false);
}

void layers_timeout() {
    layers_hold(true);
}

void with_value_checks_key() {
    // A slice has no equality in Go; in C++ only what is taken unchecked can be such a key.
    struct slice {};
    QCOMPARE(panic_of([] {
                 (void)ctx::with_value(ctx::background(), ctx::any_key::unchecked(slice{}), text("bar"));
             }),
             QString("key is not comparable"));
    QCOMPARE(panic_of([] { (void)ctx::with_value(ctx::background(), ctx::any_key(), text("bar")); }),
             QString("nil key"));
}

void invalid_derived_fail() {
    const auto nil = [] { return ctx::context(std::shared_ptr<test::foreign>()); };
    QVERIFY(panic_of([&] { (void)ctx::with_cancel(nil()); }) != "none");
    QVERIFY(panic_of([&] { (void)ctx::with_deadline(nil(), ctx::real_clock()->now() + short_duration); }) !=
            "none");
    QVERIFY(panic_of([&] { (void)ctx::with_value(nil(), k1, text("bar")); }) != "none");
}

void deadline_exceeded_supports_timeout() {
    QVERIFY(ctx::deadline_exceeded.object()->timeout());
}

void deadline_exceeded_is_net_error() {
    QVERIFY(ctx::is_timeout(ctx::deadline_exceeded));
    QVERIFY(ctx::is_temporary(ctx::deadline_exceeded));
    QVERIFY(!ctx::is_timeout(ctx::canceled) && !ctx::is_temporary(ctx::canceled));
}

void without_cancel() {
    const ctx::any_key key(std::string("key"));
    const ctx::context c = ctx::without_cancel(ctx::with_value(ctx::background(), key, text("value")));
    QVERIFY(!c.deadline());
    QVERIFY(!c.done());
    QVERIFY(!c.err());
    QCOMPARE(*c.value(key).as<std::string>(), std::string("value"));
}

} // namespace

void tst_go_values::goTests_data() {
    rules({
        {"TestValues", values},
        {"TestLayersCancel", layers_cancel},
        {"TestLayersTimeout", layers_timeout},
        {"TestWithValueChecksKey", with_value_checks_key},
        {"TestInvalidDerivedFail", invalid_derived_fail},
        {"TestDeadlineExceededSupportsTimeout", deadline_exceeded_supports_timeout},
        {"TestDeadlineExceededIsNetError", deadline_exceeded_is_net_error},
        {"TestWithoutCancel", without_cancel},
    });
}

QTEST_APPLESS_MAIN(tst_go_values)
#include "tst_go_values.moc"
