// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "world.h"

#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

/// The five steps by which a child is joined to its parent, and what comes down each way.
class tst_propagation : public QObject {
    Q_OBJECT

  private slots:
    void takesTheFirstStepThatFits_data();
    void takesTheFirstStepThatFits();
    void comesDown_data();
    void comesDown() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

/// A foreign context that keeps registrations, as Go's own test does.
class registrar : public foreign, public ctx::custom_after_func {
  public:
    std::function<bool()> after_func(std::function<void()> f) override {
        const int id = next_++;
        registered_[id] = std::move(f);
        return [this, id] {
            ++stops_;
            return registered_.erase(id) > 0;
        };
    }
    std::string string() const override { return "*test.registrar"; }
    int stops() const { return stops_; }
    std::size_t registered() const { return registered_.size(); }
    int ever() const { return next_; }
    void cancel(const ctx::error& e = ctx::canceled) {
        foreign::cancel(e);
        for (auto& [id, f] : std::exchange(registered_, {})) f();
    }

  private:
    std::map<int, std::function<void()>> registered_;
    int next_ = 0, stops_ = 0;
};

/// Hides its node, but takes registrations.
class registering_wrapper final : public wrapper, public ctx::custom_after_func {
  public:
    registering_wrapper(ctx::context inner, bool shows_values)
        : wrapper(std::move(inner)), shows_(shows_values) {}
    std::function<bool()> after_func(std::function<void()>) override {
        ++registered;
        return [] { return true; };
    }
    ctx::any_value value(const ctx::any_key& k) const override {
        return shows_ ? wrapper::value(k) : ctx::any_value();
    }
    int registered = 0;

  private:
    const bool shows_;
};

/// What a derivation left behind: children of the node above, registrations with the parent, watchers.
struct footprint {
    std::size_t children = 0, registrations = 0, watchers = 0;
    bool born_done = false;
    friend bool operator==(const footprint&, const footprint&) = default;
};

struct parent_case {
    std::optional<ctx::cancelable> node; // behind the parent, if there is one
    std::shared_ptr<registrar> registers;
    std::optional<ctx::context> parent;
    std::function<void()> end = [] {}; // so that what only waits for its end goes
};

using make_parent = void (*)(world&, parent_case&);

void nil_done(world& w, parent_case& p) {
    p.node = ctx::with_cancel(w.root);
    p.parent = ctx::without_cancel(p.node->context);
}
void done_already(world& w, parent_case& p) {
    const auto outside = std::make_shared<foreign>();
    outside->cancel();
    p.parent = ctx::context(outside, w.root);
}
void node_done_already(world& w, parent_case& p) {
    p.node = ctx::with_cancel(w.root);
    p.node->cancel();
    p.parent = make<wrapper>(w.root, p.node->context);
}
void node_behind_views(world& w, parent_case& p) {
    p.node = ctx::with_cancel(w.root);
    p.parent = ctx::with_value(make<wrapper>(w.root, ctx::with_value(p.node->context, number, 1)), number, 2);
}
void own_after_func(world& w, parent_case& p) {
    p.registers = std::make_shared<registrar>();
    p.parent = ctx::context(p.registers, w.root);
    p.end = [r = p.registers] { r->cancel(); };
}
void foreign_parent(world& w, parent_case& p) {
    const auto outside = std::make_shared<foreign>();
    p.parent = ctx::with_value(ctx::context(outside, w.root), number, 1);
    p.end = [outside] { outside->cancel(); };
}

// What comes down

void an_after_func_method_counts_only_where_the_node_is_hidden() {
    world w;
    for (const bool shows : {true, false}) {
        const auto node = ctx::with_cancel(w.root);
        const auto custom = std::make_shared<registering_wrapper>(node.context, shows);
        const ctx::context child = ctx::with_cancel(ctx::context(custom, w.root)).context;
        QCOMPARE(custom->registered, shows ? 0 : 1);
        QCOMPARE(*ctx::children_of(node.context), shows ? 1u : 0u);
        QCOMPARE(ctx::watchers_of(w.root), 0u);
    }
}

void whoever_ends_first_takes_its_registration_back() {
    world w;
    const auto custom = std::make_shared<registrar>();
    const ctx::context parent(custom, w.root);
    const auto cancelled = ctx::with_cancel(parent);
    const ctx::context timed = ctx::with_timeout(parent, 1s).context;
    const auto stop = ctx::after_func(parent, [] {});
    QCOMPARE(custom->registered(), 3u);
    cancelled.cancel();
    QCOMPARE(custom->registered(), 2u);
    w.advance(1s);
    QCOMPARE(custom->registered(), 1u);
    QVERIFY(stop() && timed.err());
    QCOMPARE(custom->registered(), 0u);
    QCOMPARE(custom->ever(), 3);
}

void an_end_that_came_by_the_callback_is_not_taken_back() {
    world w;
    const auto parent = std::make_shared<registrar>();
    auto [c, cancel] = ctx::with_cancel(ctx::context(parent, w.root));
    parent->cancel();
    w.run();
    QVERIFY(c.err() == ctx::canceled);
    cancel();
    QCOMPARE(parent->stops(), 0);
}

void what_is_past_due_is_registered_and_taken_back() {
    world w;
    const auto parent = std::make_shared<registrar>();
    const ctx::context c = ctx::with_timeout(ctx::context(parent, w.root), 0s).context;
    QVERIFY(c.err() == ctx::deadline_exceeded);
    QCOMPARE(parent->ever(), 1);
    QCOMPARE(parent->stops(), 1);
    QCOMPARE(parent->registered(), 0u);
}

void behind_a_foreign_context_it_comes_later() {
    world w;
    const auto watched = std::make_shared<foreign>();
    const ctx::context child = ctx::with_cancel(ctx::context(watched, w.root)).context;
    watched->cancel();
    QVERIFY(ctx::context(watched, w.root).err());
    QVERIFY(!child.err() && !child.done().closed());
    w.run();
    QVERIFY(child.err() && child.done().closed());
}

void any_error_of_a_foreign_context_goes_all_the_way_down() {
    const ctx::error own("my own error");
    for (const bool registers : {false, true}) {
        world w;
        const auto watched = std::make_shared<foreign>();
        const auto registering = std::make_shared<registrar>();
        const ctx::context parent =
            registers ? ctx::context(registering, w.root) : ctx::context(watched, w.root);
        const ctx::context child = ctx::with_cancel(parent).context;
        const ctx::context below = ctx::with_timeout(ctx::with_value(child, number, 1), 1h).context;
        registers ? registering->cancel(own) : watched->cancel(own);
        w.run();
        for (const ctx::context& c : {child, below, ctx::with_cancel(below).context})
            QVERIFY(c.err() == own && ctx::cause(c) == own);
    }
}

/// Its own Done over a node: Cause comes from the node behind it.
class own_done final : public wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return own_.done(); }
    ctx::error err() const override { return own_.err(); }
    void cancel(const ctx::error& e) { own_.cancel(e); }

  private:
    foreign own_;
};

void the_cause_that_comes_down_is_the_parents() {
    world w;
    const auto node = ctx::with_cancel_cause(w.root);
    const auto own = std::make_shared<own_done>(node.context);
    const ctx::context child = ctx::with_cancel(ctx::context(own, w.root)).context;
    node.cancel(ctx::error("boom"));
    own->cancel(ctx::error("own"));
    w.run();
    QCOMPARE(child.err().text(), std::string("own"));
    QCOMPARE(ctx::cause(child).text(), std::string("boom"));
}

/// Sends on its Done channel instead of closing it.
class sender final : public foreign {
  public:
    ctx::recv_chan<ctx::empty> done() const override { return values; }
    const ctx::chan<ctx::empty> values{1};
};

/// What the watcher does then ends the program, as in Go.
void done_is_closed_and_not_sent_to() {
    const QString missing = "context: internal error: missing cancel error";
    world w;
    const auto before = std::make_shared<sender>();
    before->values.send({});
    QCOMPARE(panic_of([&] { (void)ctx::with_cancel(ctx::context(before, w.root)); }), missing);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto after = std::make_shared<sender>();
        const auto made = ctx::with_cancel(ctx::context(after, w.root));
        after->values.send({}); // the watcher takes it, and Err says nothing
        ::_exit(panic_of([&] { w.run(); }) == missing ? 42 : 0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 42);
}

} // namespace

Q_DECLARE_METATYPE(make_parent)

void tst_propagation::takesTheFirstStepThatFits_data() {
    QTest::addColumn<make_parent>("make");
    QTest::addColumn<footprint>("left");
    QTest::newRow("CTX-160 step 1: no Done, no connection") << make_parent(nil_done) << footprint{};
    QTest::newRow("CTX-160 CTX-177 step 2: done already, not registered")
        << make_parent(done_already) << footprint{.born_done = true};
    QTest::newRow("CTX-160 CTX-036 step 2: a node that is done already")
        << make_parent(node_done_already) << footprint{.born_done = true};
    QTest::newRow("CTX-160 CTX-161 step 3: the node behind its views")
        << make_parent(node_behind_views) << footprint{.children = 1};
    QTest::newRow("CTX-160 CTX-150 step 4: its own AfterFunc method")
        << make_parent(own_after_func) << footprint{.registrations = 1};
    QTest::newRow("CTX-160 CTX-167 step 5: a watcher")
        << make_parent(foreign_parent) << footprint{.watchers = 1};
}

void tst_propagation::takesTheFirstStepThatFits() {
    QFETCH(const make_parent, make);
    QFETCH(const footprint, left);
    using derivation = std::function<std::function<bool()>(const ctx::context&)>;
    // A node and a registration take the same way.
    for (const derivation& derive :
         {derivation([](const ctx::context& parent) {
              return [c = ctx::with_cancel(parent).context] { return bool(c.err()); };
          }),
          derivation([](const ctx::context& parent) {
              auto ran = std::make_shared<bool>(false);
              return [ran, stop = ctx::after_func(parent, [ran] { *ran = true; })] { return *ran; };
          })}) {
        world w;
        parent_case p;
        make(w, p);
        const auto ended = derive(*p.parent);
        w.run();
        const footprint found{.children = p.node ? *ctx::children_of(p.node->context) : 0,
                              .registrations = p.registers ? p.registers->registered() : 0,
                              .watchers = ctx::watchers_of(w.root),
                              .born_done = ended()};
        QVERIFY2(found == left, qPrintable(QString("%1 children, %2 registrations, %3 watchers, done: %4")
                                               .arg(found.children)
                                               .arg(found.registrations)
                                               .arg(found.watchers)
                                               .arg(found.born_done)));
        p.end();
        w.run();
    }
}

void tst_propagation::comesDown_data() {
    rules({
        {"CTX-163 an AfterFunc method counts only where the node behind is hidden",
         an_after_func_method_counts_only_where_the_node_is_hidden},
        {"CTX-165 whoever ends first takes its registration back",
         whoever_ends_first_takes_its_registration_back},
        {"CTX-165 an end that came by the callback is not taken back",
         an_end_that_came_by_the_callback_is_not_taken_back},
        {"CTX-165 what is past due is registered and taken back",
         what_is_past_due_is_registered_and_taken_back},
        {"CTX-168 behind a foreign context the end comes later", behind_a_foreign_context_it_comes_later},
        {"CTX-169 any error of a foreign context goes all the way down",
         any_error_of_a_foreign_context_goes_all_the_way_down},
        {"CTX-169 the cause that comes down is the foreign parent's Cause",
         the_cause_that_comes_down_is_the_parents},
        {"CTX-172 Done is closed and not sent to", done_is_closed_and_not_sent_to},
    });
}

QTEST_APPLESS_MAIN(tst_propagation)
#include "tst_propagation.moc"
