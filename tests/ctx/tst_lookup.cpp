// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <deque>
#include <optional>
#include <random>
#include <vector>

/// Looking up values in trees of every shape, compared with a walk from parent to parent; and where values
/// are.
class tst_lookup : public QObject {
    Q_OBJECT

  private slots:
    void agreesWithAWalk_data();
    void agreesWithAWalk();
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

QTEST_APPLESS_MAIN(tst_lookup)
#include "tst_lookup.moc"
