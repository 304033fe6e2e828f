// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <QString>
#include <string>

namespace app {
/// A string inside, but a type of its own.
struct token : std::string {
    using std::string::string;
};
/// The same with a String method.
struct label : std::string {
    using std::string::string;
    std::string string() const { return "label " + *this; }
};
} // namespace app

/// The printed form of a context.
class tst_name : public QObject {
    Q_OBJECT

  private slots:
    void saysHowItWasMade_data();
    void saysHowItWasMade();
    void showsWhatItMay_data();
    void showsWhatItMay() { run_rule(); }
};

using namespace test;

namespace {

using derivation = ctx::context (*)(const ctx::context& root);

const ctx::key<int> number{"number"};

ctx::context background_of(const ctx::context& root) {
    return root;
}
ctx::context todo_of(const ctx::context& root) {
    return ctx::todo(root);
}
ctx::context cancel_of(const ctx::context& root) {
    return ctx::with_cancel(root).context;
}
ctx::context cause_of(const ctx::context& root) {
    return ctx::with_cancel_cause(root).context;
}
ctx::context deadline_of(const ctx::context& root) {
    return ctx::with_deadline(root, ctx::time_point(90s)).context;
}
ctx::context deadline_cause_of(const ctx::context& root) {
    return ctx::with_deadline_cause(root, ctx::time_point(90s), ctx::error("slow")).context;
}
ctx::context timeout_of(const ctx::context& root) {
    return ctx::with_timeout(root, 90s).context;
}
ctx::context timeout_cause_of(const ctx::context& root) {
    return ctx::with_timeout_cause(root, 90s, ctx::error("slow")).context;
}
ctx::context later_deadline_of(const ctx::context& root) {
    return ctx::with_timeout_cause(ctx::with_timeout(root, 1s).context, 90s, ctx::error("slow")).context;
}
ctx::context value_of(const ctx::context& root) {
    return ctx::with_value(root, number, 7);
}
ctx::context detached_of(const ctx::context& root) {
    return ctx::without_cancel(value_of(cancel_of(root)));
}

class pointer_like final : public foreign {
  public:
    std::string string() const override { return "*custom.Foreign"; }
};

void a_custom_type_supplies_its_own_name() {
    world w;
    const ctx::context inner = ctx::with_value(w.root, number, 1);
    const ctx::context wrapped = make<wrapper>(w.root, inner);
    QCOMPARE(wrapped.string(), std::string("test.wrapper")); // not that of the context inside
    QCOMPARE(ctx::with_cancel(wrapped).context.string(), std::string("test.wrapper.WithCancel"));
    const ctx::context outside = make<pointer_like>(w.root);
    QCOMPARE(outside.string(), std::string("*custom.Foreign"));
    QCOMPARE(ctx::without_cancel(ctx::with_value(outside, number, 1)).string(),
             std::string("*custom.Foreign.WithValue(number, int).WithoutCancel"));
    QCOMPARE(make<wrapper>(w.root, outside).string(), std::string("test.wrapper"));
}

void a_named_string_type_shows_its_name_and_not_its_text() {
    world w;
    const ctx::context c =
        ctx::with_value(w.root, ctx::any_key(app::token("key")), ctx::any_value(app::token("hunter2")));
    QCOMPARE(c.string(), std::string("context.Background.WithValue(app::token, app::token)"));
    QCOMPARE(ctx::with_value(w.root, ctx::any_key(app::label("key")), ctx::any_value(app::label("value")))
                 .string(),
             std::string("context.Background.WithValue(label key, label value)"));
    // Neither do errors, numbers or bytes say more than their type.
    for (const ctx::any_value& v :
         {ctx::any_value(ctx::error("secret")), ctx::any_value(4711),
          ctx::any_value(std::vector<unsigned char>{'s', 'e', 'c', 'r', 'e', 't'})}) {
        const std::string name = ctx::with_value(w.root, ctx::any_key(1), v).string();
        QVERIFY2(name.find("secret") == std::string::npos && name.find("4711") == std::string::npos,
                 name.c_str());
        QVERIFY2(name.starts_with("context.Background.WithValue(int, "), name.c_str());
    }
}

void what_remains_is_counted_when_it_is_asked_for() {
    world w;
    const ctx::context c = ctx::with_timeout(w.root, 90s).context;
    const auto remaining = [&] {
        const std::string name = c.string();
        return name.substr(name.rfind('['));
    };
    QCOMPARE(remaining(), std::string("[1m30s])"));
    w.advance(89s + 500ms);
    QCOMPARE(remaining(), std::string("[500ms])"));
    w.advance(1h + 500ms);
    QCOMPARE(remaining(), std::string("[-1h0m0s])"));
}

void the_deadline_is_written_as_go_writes_times() {
    world w;
    QCOMPARE(deadline_of(w.root).string(),
             std::string("context.Background.WithDeadline(2009-11-10 23:01:30 +0000 "
                         "UTC m=+90.000000000 [1m30s])"));
}

void the_time_in_a_name_stays_what_it_was() {
    const ctx::context c = ctx::with_timeout(ctx::background(), 1h).context; // the machine's clocks go on
    const auto time = [&] {
        const std::string name = c.string();
        return name.substr(0, name.rfind(" ["));
    };
    const std::string first = time();
    for (int i = 0; i < 100; ++i) QCOMPARE(time(), first);
    QVERIFY2(first.find(" m=+36") != std::string::npos, first.c_str());
}

void a_wall_time_is_written_as_given() {
    const auto in_two_hours =
        std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()) + std::chrono::hours(2);
    const ctx::context real = ctx::with_deadline(ctx::background(), ctx::system_time(in_two_hours)).context;
    const std::string name = real.string(), shown = name.substr(name.find('(') + 1, 24);
    QVERIFY2(shown.find(":00 ") != std::string::npos && shown.find('.') == std::string::npos, name.c_str());
    QVERIFY2(name.find(" m=") == std::string::npos, name.c_str());
    world w;
    const ctx::system_time given = w.clock->to_system(ctx::time_point(90s));
    const std::string time = "context.Background.WithDeadline(2009-11-10 23:01:30 +0000 UTC [1m30s])";
    QCOMPARE(ctx::with_deadline(w.root, given).context.string(), time);
    QCOMPARE(ctx::with_deadline_cause(w.root, given, ctx::error("slow")).context.string(), time);
}

} // namespace

Q_DECLARE_METATYPE(derivation)

void tst_name::saysHowItWasMade_data() {
    QTest::addColumn<derivation>("derive");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* tag, derivation d, const char* name) {
        QTest::newRow(tag) << d << QString(name);
    };
    const char* const timed = "context.Background.WithDeadline(* [1m30s])";
    row("CTX-210 CTX-021 Background is context.Background", background_of, "context.Background");
    row("CTX-210 CTX-021 TODO is context.TODO", todo_of, "context.TODO");
    row("CTX-210 with_cancel adds .WithCancel", cancel_of, "context.Background.WithCancel");
    row("CTX-210 with_cancel_cause adds .WithCancel too", cause_of, "context.Background.WithCancel");
    row("CTX-210 with_deadline adds the time and what remains", deadline_of, timed);
    row("CTX-210 with_deadline_cause does not show the cause", deadline_cause_of, timed);
    row("CTX-210 CTX-100 with_timeout is named as a deadline", timeout_of, timed);
    row("CTX-210 CTX-100 with_timeout_cause is named as a deadline", timeout_cause_of, timed);
    row("CTX-210 CTX-082 a later deadline adds .WithCancel", later_deadline_of,
        "context.Background.WithDeadline(* [1s]).WithCancel");
    row("CTX-210 with_value adds key and value", value_of, "context.Background.WithValue(number, int)");
    row("CTX-210 without_cancel adds .WithoutCancel", detached_of,
        "context.Background.WithCancel.WithValue(number, int).WithoutCancel");
}

void tst_name::saysHowItWasMade() {
    QFETCH(const derivation, derive);
    QFETCH(const QString, name);
    world w;
    const QString found = QString::fromStdString(derive(w.root).string());
    const qsizetype star = name.indexOf('*');
    if (star < 0) {
        QCOMPARE(found, name);
        return;
    }
    const QString before = name.left(star), after = name.mid(star + 1);
    QVERIFY2(found.startsWith(before) && found.endsWith(after), qPrintable(found));
}

void tst_name::showsWhatItMay_data() {
    rules({
        {"CTX-211 a custom type supplies its own name", a_custom_type_supplies_its_own_name},
        {"CTX-212 a named string type shows its name and not its text",
         a_named_string_type_shows_its_name_and_not_its_text},
        {"CTX-213 the deadline is written as Go writes times", the_deadline_is_written_as_go_writes_times},
        {"CTX-213 CTX-215 the time in a name stays what it was", the_time_in_a_name_stays_what_it_was},
        {"CTX-213 a wall time is written as given, without a monotonic reading",
         a_wall_time_is_written_as_given},
        {"CTX-214 what remains is counted when the name is asked for",
         what_remains_is_counted_when_it_is_asked_for},
    });
}

QTEST_APPLESS_MAIN(tst_name)
#include "tst_name.moc"
