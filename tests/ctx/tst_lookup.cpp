// SPDX-License-Identifier: MIT
#include "allocations.h"
#include "rules.h"
#include "world.h"

#include <deque>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

/// Looking up values in trees of every shape, compared with a walk from parent to parent; and where values
/// are.
class tst_lookup : public QObject {
    Q_OBJECT

  private slots:
    void agreesWithAWalk_data();
    void agreesWithAWalk();
    void holdsValues_data();
    void holdsValues() { run_rule(); }
    void takesNoMemory_data();
    void takesNoMemory() { run_rule(); }
};

using namespace test;

namespace {

/// Equality, but nothing to hash.
struct point {
    int x, y;
    bool operator==(const point&) const = default;
};

/// Text that is equal whatever its case: its own equality, so that nothing may be hashed.
struct header_name {
    std::string text;
    bool operator==(const header_name& o) const { return qstricmp(text.c_str(), o.text.c_str()) == 0; }
};

/// A key as the tree binds it and as it is asked for.
struct asked_key {
    const ctx::key<int>* typed = nullptr;
    ctx::any_key bound;
    ctx::any_key asked;
};

/// What a binding holds, and an answer.
struct answer {
    enum { none, number, text } what = none;
    int n = 0;
    bool operator==(const answer&) const = default;
};

struct shape {
    std::uint32_t seed = 1;
    int size = 0;
    int keys = 0;    // of each type
    int deep = 0;    // per cent: below the newest context, and not below any
    int values = 0;  // per cent; the others are cancel nodes, views and contexts of one's own
    int customs = 0; // per cent of the others
    bool watched = false;
};

class grown_tree {
  public:
    explicit grown_tree(const shape& s) : shape_(s), random_(s.seed) {
        for (int i = 0; i < s.keys; ++i) {
            typed_.emplace_back("key");
            keys_.push_back({&typed_.back(), ctx::any_key(typed_.back()), ctx::any_key(typed_.back())});
            add(i, i);
            add(long{i}, long{i});
            add(i + 0.5, i + 0.5);
            add(point{i, 1}, point{i, 1});
            add(std::string("key ") + std::to_string(i), std::string("key ") + std::to_string(i));
            add(header_name{"Key-" + std::to_string(i)}, header_name{"kEY-" + std::to_string(i)});
            add(&typed_.back(), &typed_.back());
        }
        contexts_.push_back(s.watched ? world_.root : ctx::background());
        made_.push_back({});
        for (int i = 1; i < s.size; ++i) grow();
    }

    void compare() {
        for (std::size_t c = 0; c < contexts_.size(); ++c) {
            if (!made_[c].alive) continue;
            for (int i = 0; i < 4; ++i) compare(c, pick(keys_.size()));
        }
    }
    /// Drops handles, so that memory is used again for what grows next.
    void thin_and_grow() {
        for (std::size_t c = 1; c < contexts_.size(); ++c) {
            if (!chance(50)) continue;
            contexts_[c] = {};
            made_[c].alive = false;
        }
        for (int i = 0; i < shape_.size / 2; ++i) grow();
    }
    std::size_t found() const { return found_; }
    std::size_t missed() const { return missed_; }

  private:
    struct record {
        std::size_t above = 0;
        std::optional<std::size_t> key;
        answer held;
        bool ends = false; // a context that answers nothing
        bool alive = true;
    };

    template <class T>
    void add(T bound, T asked) {
        keys_.push_back({nullptr, ctx::any_key(std::move(bound)), ctx::any_key(std::move(asked))});
    }
    std::size_t pick(std::size_t n) { return random_() % n; }
    bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

    void grow() {
        std::size_t above = contexts_.size() - 1;
        if (!made_[above].alive || !chance(shape_.deep)) above = pick(contexts_.size());
        if (!made_[above].alive) above = 0;
        const ctx::context& parent = contexts_[above];
        record r{.above = above};
        ctx::context made = chance(shape_.values) ? bind(parent, r) : derive(parent, r);
        contexts_.push_back(std::move(made));
        made_.push_back(r);
    }

    ctx::context bind(const ctx::context& parent, record& r) {
        r.key = pick(keys_.size());
        const asked_key& k = keys_[*r.key];
        const int n = static_cast<int>(contexts_.size());
        if (chance(5))
            return k.typed ? ctx::with_value(parent, *k.typed, nullptr)
                           : ctx::with_value(parent, k.bound, {});
        if (chance(5)) {
            r.held = {answer::text, n};
            return ctx::with_value(parent, k.bound, ctx::any_value(std::to_string(n)));
        }
        r.held = {answer::number, n};
        if (k.typed && chance(80)) return ctx::with_value(parent, *k.typed, n);
        return ctx::with_value(parent, k.bound, ctx::any_value(n));
    }

    ctx::context derive(const ctx::context& parent, record& r) {
        if (chance(shape_.customs)) {
            r.ends = chance(20);
            return r.ends ? make<foreign>(world_.root) : make<wrapper>(world_.root, parent);
        }
        if (chance(20)) return ctx::without_cancel(parent);
        return chance(50) ? ctx::with_cancel(parent).context : ctx::with_timeout(parent, 1h).context;
    }

    answer walked(std::size_t c, std::size_t key) const {
        for (; c != 0 && !made_[c].ends; c = made_[c].above)
            if (made_[c].key == key) return made_[c].held;
        return {};
    }

    void compare(std::size_t c, std::size_t key) {
        const answer expected = walked(c, key);
        ++(expected.what == answer::none ? missed_ : found_);
        const ctx::any_value v = contexts_[c].value(keys_[key].asked);
        answer got;
        if (const int* n = v.as<int>()) got = {answer::number, *n};
        if (const auto* text = v.as<std::string>()) got = {answer::text, std::stoi(*text)};
        QCOMPARE(static_cast<bool>(v), expected.what != answer::none);
        QVERIFY(got == expected);
        if (!keys_[key].typed) return;
        const int* const n = contexts_[c].value(*keys_[key].typed);
        QCOMPARE(n != nullptr, expected.what == answer::number);
        if (n) QCOMPARE(*n, expected.n);
    }

    const shape shape_;
    std::minstd_rand random_;
    world world_;
    std::deque<ctx::key<int>> typed_;
    std::vector<asked_key> keys_;
    std::vector<record> made_;
    std::vector<ctx::context> contexts_;
    std::size_t found_ = 0, missed_ = 0;
};

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

void tst_lookup::agreesWithAWalk_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("keys");
    QTest::addColumn<int>("deep");
    QTest::addColumn<int>("values");
    QTest::addColumn<int>("customs");
    QTest::addColumn<bool>("watched");
    const auto row = [](const char* tag, int size, int keys, int deep, int values, int customs,
                        bool watched = false) {
        QTest::newRow(tag) << size << keys << deep << values << customs << watched;
    };
    row("CTX-110 CTX-112 one chain of values", 1500, 4, 100, 100, 0);
    row("CTX-110 CTX-111 one chain of values with many keys", 1500, 60, 100, 100, 0);
    row("CTX-110 CTX-112 few keys", 1500, 1, 95, 90, 0);
    row("CTX-110 CTX-111 branches", 3000, 10, 80, 80, 0);
    row("CTX-110 CTX-111 bushes", 3000, 10, 20, 80, 0);
    row("CTX-110 CTX-114 mostly other contexts", 3000, 4, 97, 25, 0);
    row("CTX-110 CTX-114 through contexts of one's own", 3000, 4, 95, 70, 30);
    row("CTX-110 CTX-114 the same, observed", 1000, 4, 95, 70, 30, true);
}

void tst_lookup::agreesWithAWalk() {
    QFETCH(int, size);
    QFETCH(int, keys);
    QFETCH(int, deep);
    QFETCH(int, values);
    QFETCH(int, customs);
    QFETCH(bool, watched);
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
        grown_tree t({.seed = seed,
                      .size = scaled(size, 3),
                      .keys = keys,
                      .deep = deep,
                      .values = values,
                      .customs = customs,
                      .watched = watched});
        t.compare();
        t.thin_and_grow();
        t.compare();
        QVERIFY(t.found() > 0 && t.missed() > 0);
        if (QTest::currentTestFailed()) return;
    }
}

void tst_lookup::holdsValues_data() {
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

void tst_lookup::takesNoMemory_data() {
    rules({
        {"CTX-320 binding takes one piece of memory", binding_takes_one_piece_of_memory},
        {"CTX-320 looking up takes none", looking_up_takes_none},
    });
}

QTEST_APPLESS_MAIN(tst_lookup)
#include "tst_lookup.moc"
