// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <cmath>
#include <thread>

namespace app {
struct session {
    std::string id;
    bool operator==(const session&) const = default;
};
struct request_id {
    int n;
    bool operator==(const request_id&) const = default;
};
struct secret {
    std::string text;
    bool operator==(const secret&) const = default;
};
} // namespace app

template <>
struct ctx::type_traits<app::request_id> {
    static std::string string(const app::request_id& r) { return "#" + std::to_string(r.n); }
};
template <>
struct ctx::type_traits<app::secret> {
    static constexpr std::string_view name = "app.secret";
};

/// Request-scoped values, and the printed form of a context.
class tst_value : public QObject {
    Q_OBJECT

  private slots:
    void lookup_data();
    void lookup() { run_rule(); }
    void printedForm_data();
    void printedForm() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<std::string> user{"user"};
const ctx::key<std::string> other_user{"user"};
const ctx::key<int> number{"number"};

void the_nearest_binding_wins() {
    world w;
    const ctx::context a = ctx::with_value(w.root, user, "ann");
    const ctx::context b = ctx::with_value(ctx::with_cancel(a).context, user, "bob");
    const ctx::context beside = ctx::with_value(a, number, 1);
    QCOMPARE(*a.value(user), std::string("ann"));
    QCOMPARE(*b.value(user), std::string("bob"));
    QCOMPARE(*beside.value(user), std::string("ann"));
    QVERIFY(!w.root.value(user));
    QVERIFY(!a.value(number));
}

void keys_are_equal_by_type_and_value() {
    world w;
    const auto k = [](auto v) { return ctx::any_key(v); };
    const ctx::context c = ctx::with_value(w.root, k(1), ctx::any_value(std::string("int")));
    const ctx::context d = ctx::with_value(c, k(1L), ctx::any_value(std::string("long")));
    const ctx::context e = ctx::with_value(d, k(app::request_id{1}), ctx::any_value(std::string("id")));
    QCOMPARE(*e.value(k(1)).as<std::string>(), std::string("int"));
    QCOMPARE(*e.value(k(1L)).as<std::string>(), std::string("long"));
    QCOMPARE(*e.value(k(app::request_id{1})).as<std::string>(), std::string("id"));
    QVERIFY(!e.value(k(app::request_id{2})));
    QVERIFY(!e.value(k(std::string("1"))));
    // Named keys: the object counts, not the name.
    const ctx::context f = ctx::with_value(e, user, "ann");
    QVERIFY(!f.value(other_user));
    QVERIFY(!f.value(k(std::string("user"))));
}

void a_literal_is_a_string_and_not_an_address() {
    world w;
    const char here[] = "user", there[] = "user";
    const ctx::context c = ctx::with_value(w.root, ctx::any_key(&here[0]), ctx::any_value("ann"));
    QCOMPARE(*c.value(ctx::any_key(&there[0])).as<std::string>(), std::string("ann"));
    QCOMPARE(*c.value(ctx::any_key(std::string("user"))).as<std::string>(), std::string("ann"));
    QVERIFY(!c.value(ctx::any_key("users")));
    QCOMPARE(c.string(), std::string("context.Background.WithValue(user, ann)"));
}

void nil_hides_what_is_above() {
    world w;
    const ctx::context a = ctx::with_value(w.root, user, "ann");
    const ctx::context hidden = ctx::with_cancel(ctx::with_value(a, user, nullptr)).context;
    QVERIFY(!hidden.value(user));
    QCOMPARE(*a.value(user), std::string("ann"));
    const ctx::context again = ctx::with_value(hidden, user, "bob");
    QCOMPARE(*again.value(user), std::string("bob"));
}

void pointers_compare_by_address_and_nan_is_never_found() {
    world w;
    int x = 1, y = 1;
    const ctx::context c = ctx::with_value(w.root, ctx::any_key(&x), ctx::any_value(1));
    QVERIFY(c.value(ctx::any_key(&x)));
    QVERIFY(!c.value(ctx::any_key(&y)));
    const ctx::context n = ctx::with_value(c, ctx::any_key(std::nan("")), ctx::any_value(1));
    QVERIFY(!n.value(ctx::any_key(std::nan(""))));
    QVERIFY(n.value(ctx::any_key(&x)));
}

void lookup_passes_through_everything() {
    world w;
    const ctx::context a = ctx::with_value(w.root, user, "ann");
    const auto node = ctx::with_cancel(a);
    const ctx::context c =
        ctx::with_timeout(make<wrapper>(w.root, ctx::without_cancel(node.context)), 1h).context;
    const ctx::context d = ctx::with_value(make<wrapper>(w.root, c), number, 1);
    QCOMPARE(*d.value(user), std::string("ann"));
    node.cancel();
    w.advance(2h);
    QVERIFY(c.err());
    QCOMPARE(*d.value(user), std::string("ann"));
    QVERIFY(!ctx::with_cancel(make<foreign>(w.root)).context.value(user));
}

void depth_needs_no_stack() {
    std::thread([] {
        world w;
        ctx::context c = ctx::with_value(w.root, user, "ann");
        for (int i = 0; i < 100'000; ++i)
            c = i % 2 ? ctx::with_value(c, number, i) : ctx::with_cancel(c).context;
        QCOMPARE(*c.value(user), std::string("ann"));
        QVERIFY(!c.value(other_user));
        QVERIFY(c.string().size() > 1'000'000);
    }).join();
}

void the_nil_key_finds_nothing() {
    world w;
    QVERIFY(!ctx::with_value(w.root, user, "ann").value(ctx::any_key()));
    QVERIFY(!(ctx::any_key() == ctx::any_key()));
}

void a_value_is_not_a_node() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const ctx::context v = ctx::with_value(node.context, number, 1);
    QCOMPARE(*ctx::children_of(node.context), 0u);
    QVERIFY(!ctx::children_of(v));
}

void a_value_has_one_type() {
    world w;
    const ctx::context c = ctx::with_value(w.root, ctx::any_key(1), ctx::any_value(7));
    const ctx::any_value v = c.value(ctx::any_key(1));
    QCOMPARE(*v.as<int>(), 7);
    QVERIFY(!v.as<long>());
    QVERIFY(!v.as<std::string>());
}

void names_are_parent_and_suffix() {
    world w;
    const ctx::context c = ctx::with_cancel_cause(ctx::with_cancel(ctx::todo(w.root)).context).context;
    QCOMPARE(c.string(), std::string("context.TODO.WithCancel.WithCancel"));
    QCOMPARE(ctx::without_cancel(c).string(),
             std::string("context.TODO.WithCancel.WithCancel.WithoutCancel"));
    QCOMPARE(ctx::with_cancel(make<wrapper>(w.root, c)).context.string(),
             std::string("test.wrapper.WithCancel"));
}

void keys_and_values_show_no_more_than_they_want() {
    world w;
    const auto shown = [&](const ctx::any_key& k, ctx::any_value v) {
        const std::string name = ctx::with_value(w.root, k, std::move(v)).string();
        return name.substr(std::string("context.Background").size());
    };
    const ctx::any_key text(std::string("k"));
    QCOMPARE(shown(text, ctx::any_value(std::string("v"))), std::string(".WithValue(k, v)"));
    QCOMPARE(shown(text, {}), std::string(".WithValue(k, <nil>)"));
    QCOMPARE(shown(text, ctx::any_value(7)), std::string(".WithValue(k, int)"));
    QCOMPARE(shown(text, ctx::any_value(true)), std::string(".WithValue(k, bool)"));
    QCOMPARE(shown(text, ctx::any_value(app::request_id{4})), std::string(".WithValue(k, #4)"));
    QCOMPARE(shown(ctx::any_key(app::secret{"hidden"}), ctx::any_value(app::secret{"too"})),
             std::string(".WithValue(app.secret, app.secret)"));
    QCOMPARE(shown(text, ctx::any_value(app::session{"hidden"})), std::string(".WithValue(k, app::session)"));
    QCOMPARE(shown(user, ctx::any_value(1.5)), std::string(".WithValue(user, float64)"));
}

void being_done_does_not_change_the_name() {
    world w;
    const auto made = ctx::with_timeout(w.root, 1s);
    const std::string before = made.context.string();
    made.cancel();
    QCOMPARE(made.context.string(), before);
    w.advance(1500ms);
    QVERIFY2(made.context.string().ends_with(" [-500ms])"), made.context.string().c_str());
}

} // namespace

void tst_value::lookup_data() {
    rules({
        {"CTX-110 the nearest binding wins", the_nearest_binding_wins},
        {"CTX-111 keys are equal by type and value", keys_are_equal_by_type_and_value},
        {"CTX-111 a literal is a string and not an address", a_literal_is_a_string_and_not_an_address},
        {"CTX-112 nil hides what is above", nil_hides_what_is_above},
        {"CTX-113 pointers compare by address, and NaN is never found",
         pointers_compare_by_address_and_nan_is_never_found},
        {"CTX-114 lookup passes through everything", lookup_passes_through_everything},
        {"CTX-115 depth needs no stack", depth_needs_no_stack},
        {"CTX-117 the nil key finds nothing", the_nil_key_finds_nothing},
        {"CTX-116 a value is not a node", a_value_is_not_a_node},
        {"CTX-110 a value has one type", a_value_has_one_type},
    });
}

void tst_value::printedForm_data() {
    rules({
        {"CTX-210 names are parent and suffix", names_are_parent_and_suffix},
        {"CTX-212 keys and values show no more than they want", keys_and_values_show_no_more_than_they_want},
        {"CTX-215 being done does not change the name", being_done_does_not_change_the_name},
    });
}

QTEST_APPLESS_MAIN(tst_value)
#include "tst_value.moc"
