// SPDX-License-Identifier: MIT
#include "race.h"

/// Binding and looking up values below one context in several threads: each sees what stands above it.
class tst_race_values : public QObject {
    Q_OBJECT

  private slots:
    void seesItsOwn_data();
    void seesItsOwn() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> mine{"mine"}, top{"top"}, missing{"missing"};
const ctx::key<std::string> name{"name"};
const ctx::key<int> steps[] = {ctx::key<int>("a"), ctx::key<int>("b"), ctx::key<int>("c"),
                               ctx::key<int>("d")};

ctx::context chain(ctx::context c, int depth) {
    for (int i = 0; i < depth; ++i) c = ctx::with_value(c, steps[i % 4], i);
    return c;
}

/// A request of the thread `n`: some contexts below `base`, and questions to them.
void request(const ctx::context& base, int n, int depth) {
    const auto child = ctx::with_cancel(ctx::with_value(base, mine, n));
    ctx::context c = child.context;
    for (int i = 0; i < depth; ++i) {
        c = ctx::with_value(c, ctx::any_key(i), ctx::any_value(n + i));
        c = ctx::with_value(c, name, std::to_string(n + i));
        QCOMPARE(*c.value(mine), n);
        QCOMPARE(*c.value(top), -1);
        QCOMPARE(*c.value(name), std::to_string(n + i));
        QCOMPARE(*c.value(ctx::any_key(i / 2)).as<int>(), n + i / 2);
        QVERIFY(!c.value(missing));
    }
    child.cancel();
}

void below_one_parent(int above) {
    ctx::context base;
    race(
        scaled(3000), [&] { base = chain(ctx::with_value(ctx::background(), top, -1), above); },
        {[&] { request(base, 100, 7); }, [&] { request(base, 200, 4); }, [&] { request(base, 300, 12); }},
        [&] { base = {}; });
}

void below_few_values() {
    below_one_parent(2);
}
void below_the_fourth_value() {
    below_one_parent(3);
}
void below_many_values() {
    below_one_parent(44);
}

void while_the_handles_above_go() {
    std::vector<ctx::context> line;
    ctx::context leaf;
    race(
        scaled(3000),
        [&] {
            line.assign(1, ctx::with_value(ctx::background(), top, -1));
            for (int i = 0; i < 30; ++i) line.push_back(chain(line.back(), 1));
            leaf = line.back();
        },
        {[&] { request(leaf, 100, 6); },
         [&] {
             while (!line.empty()) line.pop_back();
         },
         [&, kept = ctx::any_value()]() mutable {
             kept = leaf.value(ctx::any_key(top));
             QCOMPARE(*kept.as<int>(), -1);
         }},
        [&] { leaf = {}; });
}

} // namespace

void tst_race_values::seesItsOwn_data() {
    rules({
        {"CTX-001 CTX-110 below few values", below_few_values},
        {"CTX-001 CTX-110 below the fourth value", below_the_fourth_value},
        {"CTX-001 CTX-110 below many values", below_many_values},
        {"CTX-001 CTX-110 while the handles above go", while_the_handles_above_go},
    });
}

QTEST_APPLESS_MAIN(tst_race_values)
#include "tst_race_values.moc"
