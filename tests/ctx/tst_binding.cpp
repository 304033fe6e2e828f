// SPDX-License-Identifier: MIT
#include "allocations.h"
#include "rules.h"
#include "world.h"

#include <stdexcept>
#include <vector>

/// Where bound values are, how long they live, and what memory that takes.
class tst_binding : public QObject {
    Q_OBJECT

  private slots:
    void holdsValues_data();
    void holdsValues() { run_rule(); }
    void takesNoMemory_data();
    void takesNoMemory() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};
const ctx::key<std::string> name{"name"};

/// Counts those that exist.
struct counted {
    explicit counted(int v) : n(v) {
        if (v < 0) throw std::runtime_error("negative");
        ++alive;
    }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --alive; }
    int n;
    static inline int alive = 0;
};
struct alignas(16) wide {
    double d[4];
};
struct alignas(128) over_aligned {
    int n;
};
const ctx::key<counted> counted_key{"counted"};
const ctx::key<wide> wide_key{"wide"};
const ctx::key<over_aligned> over_aligned_key{"over-aligned"};
const ctx::key<char> letter{"letter"};
const ctx::key<std::string> names[] = {ctx::key<std::string>("a"), ctx::key<std::string>("b")};

void values_are_where_their_type_wants_them() {
    world w;
    for (const ctx::context& root : {ctx::background(), w.root}) {
        ctx::context c = root;
        std::vector<ctx::context> all;
        for (int i = 0; i < 100; ++i) {
            c = ctx::with_value(c, letter, static_cast<char>('a' + i % 26));
            c = ctx::with_value(c, wide_key, wide{{1.0 * i, 2, 3, 4}});
            c = ctx::with_value(c, over_aligned_key, over_aligned{i});
            c = ctx::with_value(c, names[i % 2], std::string(static_cast<std::size_t>(i), 'x'));
            QCOMPARE(*c.value(letter), static_cast<char>('a' + i % 26));
            QCOMPARE(c.value(wide_key)->d[0], 1.0 * i);
            QCOMPARE(c.value(over_aligned_key)->n, i);
            QCOMPARE(c.value(names[i % 2])->size(), static_cast<std::size_t>(i));
            QCOMPARE(reinterpret_cast<std::uintptr_t>(c.value(wide_key)) % alignof(wide), 0u);
            QCOMPARE(reinterpret_cast<std::uintptr_t>(c.value(over_aligned_key)) % alignof(over_aligned), 0u);
            all.push_back(c);
        }
        for (std::size_t i = 0; i < all.size(); i += 7) QCOMPARE(all[i].value(names[i % 2])->size(), i);
    }
}

void a_value_dies_with_its_last_context() {
    world w;
    for (const ctx::context& root : {ctx::background(), w.root}) {
        ctx::context c = root;
        for (int i = 0; i < 23; ++i) c = ctx::with_value(c, counted_key, i);
        QCOMPARE(counted::alive, 23);
        const ctx::cancelable below = ctx::with_cancel(c);
        c = {};
        QCOMPARE(counted::alive, 23);
        QCOMPARE(below.context.value(counted_key)->n, 22);
    }
    QCOMPARE(counted::alive, 0);
}

void a_value_that_cannot_be_made_leaves_nothing() {
    world w;
    for (const ctx::context& root : {ctx::background(), w.root}) {
        ctx::context c = root;
        for (int i = 0; i < 12; ++i) {
            QVERIFY_THROWS_EXCEPTION(std::runtime_error, (void)ctx::with_value(c, counted_key, -1));
            QCOMPARE(counted::alive, i);
            c = ctx::with_value(c, counted_key, i);
        }
    }
    QCOMPARE(w.live(), 0L);
    QCOMPARE(counted::alive, 0);
}

void what_is_found_outlives_the_context() {
    ctx::any_value held, shared;
    {
        const ctx::context c = ctx::with_value(ctx::background(), counted_key, 7);
        const ctx::context d = ctx::with_value(c, ctx::any_key(1), ctx::any_value(std::string("kept")));
        held = d.value(ctx::any_key(counted_key));
        shared = d.value(ctx::any_key(1));
    }
    QCOMPARE(held.as<counted>()->n, 7);
    QCOMPARE(*shared.as<std::string>(), std::string("kept"));
    const ctx::any_value copy = held;
    held = {};
    QCOMPARE(counted::alive, 1);
    QCOMPARE(copy.as<counted>()->n, 7);
}

void a_typed_key_can_hold_another_type_at_run_time() {
    const ctx::context a = ctx::with_value(ctx::background(), number, 1);
    const ctx::context b = ctx::with_value(a, ctx::any_key(number), ctx::any_value(2.5));
    QVERIFY(!b.value(number));
    QCOMPARE(*b.value(ctx::any_key(number)).as<double>(), 2.5);
    const ctx::context c = ctx::with_value(b, ctx::any_key(number), ctx::any_value(3));
    QCOMPARE(*c.value(number), 3);
}

void equality_that_throws_is_asked_only_of_its_own_type() {
    struct refusing {
        bool operator==(const refusing&) const { throw std::runtime_error("asked"); }
    };
    ctx::context c = ctx::with_value(ctx::background(), ctx::any_key(refusing{}), ctx::any_value(1));
    for (int i = 0; i < 20; ++i) c = ctx::with_value(c, ctx::any_key(i), ctx::any_value(i));
    QVERIFY(!c.value(number));
    QCOMPARE(*c.value(ctx::any_key(0)).as<int>(), 0);
    QVERIFY(!c.value(ctx::any_key(20)));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, (void)c.value(ctx::any_key(refusing{})));
}

void keys_of_every_size_are_copied() {
    struct small {
        void* a;
        void* b;
        bool operator==(const small&) const = default;
    };
    struct large {
        int n[20];
        bool operator==(const large&) const = default;
    };
    const auto check = [](const auto& v) {
        const ctx::any_key k(v);
        ctx::any_key copy = k, other(1), moved = ctx::any_key(copy);
        QVERIFY(copy == k && moved == k && !(other == k));
        QCOMPARE(copy.hash(), k.hash());
        other = k;
        QVERIFY(other == copy);
    };
    int x = 0;
    check(small{&x, nullptr});
    check(large{{1, 2, 3}});
    check(std::string("text"));
    check(&x);
    check(std::make_shared<int>(1));
}

template <class F>
double allocations(F f) {
    return allocations_per_run(100, f);
}

void binding_takes_one_piece_of_memory() {
    if (!counts_allocations) QSKIP("a sanitizer counts its own allocations");
    const std::string text = "short";
    QCOMPARE(allocations([] { (void)ctx::with_value(ctx::background(), number, 1); }), 1.0);
    QCOMPARE(allocations([] { (void)ctx::with_value(ctx::background(), number, nullptr); }), 1.0);
    QCOMPARE(allocations([&] { (void)ctx::with_value(ctx::background(), name, text); }), 1.0);
    QCOMPARE(allocations([] { (void)ctx::with_value(ctx::background(), ctx::any_key(1), {}); }), 1.0);
    QCOMPARE(allocations([] {
                 ctx::context c;
                 for (int i = 0; i < 300; ++i) c = ctx::with_value(c, number, i);
             }),
             300.0);
}

void looking_up_takes_none() {
    if (!counts_allocations) QSKIP("a sanitizer counts its own allocations");
    const ctx::key<int> missing("missing");
    const ctx::any_key one(1), gone(2), text(std::string("text"));
    ctx::context c = ctx::with_value(ctx::with_value(ctx::background(), number, 7), one, ctx::any_value(8));
    const ctx::key<int> between("between");
    for (int i = 0; i < 100; ++i) {
        int sum = 0;
        QCOMPARE(allocations([&] { sum += *c.value(number) + *c.value(one).as<int>(); }), 0.0);
        QCOMPARE(allocations([&] { sum += c.value(missing) || c.value(gone) || c.value(text); }), 0.0);
        QCOMPARE(sum, 15 * 101);
        c = i % 3 ? ctx::with_value(c, between, i) : ctx::with_cancel(c).context;
    }
}

} // namespace

void tst_binding::holdsValues_data() {
    rules({
        {"CTX-110 values are where their type wants them", values_are_where_their_type_wants_them},
        {"CTX-110 a value dies with its last context", a_value_dies_with_its_last_context},
        {"CTX-110 a value that cannot be made leaves nothing", a_value_that_cannot_be_made_leaves_nothing},
        {"CTX-110 what is found outlives the context", what_is_found_outlives_the_context},
        {"CTX-111 a typed key can hold another type at run time",
         a_typed_key_can_hold_another_type_at_run_time},
        {"CTX-111 equality that throws is asked only of its own type",
         equality_that_throws_is_asked_only_of_its_own_type},
        {"CTX-111 keys of every size are copied", keys_of_every_size_are_copied},
    });
}

void tst_binding::takesNoMemory_data() {
    rules({
        {"CTX-320 binding takes one piece of memory", binding_takes_one_piece_of_memory},
        {"CTX-320 looking up takes none", looking_up_takes_none},
    });
}

QTEST_APPLESS_MAIN(tst_binding)
#include "tst_binding.moc"
