// SPDX-License-Identifier: MIT
#include "ctx/detail/biased_mutex.h"
#include "explore/instruments.h"
#include "explore/world.h"

#include <mutex>

using namespace explore;

/// The locks of src/ctx, looked into.
class tst_explore_locks : public QObject {
    Q_OBJECT

  private slots:
    void keepOthersOut_data();
    void keepOthersOut() { explore_rule(); }
};

namespace {

namespace d = ctx::detail;

/// Something that only one thread may be in.
template <class Mutex>
struct guarded {
    Mutex lock;
    d::atomic<int> in{0};
    int times = 0;

    void enter() {
        const std::lock_guard held(lock);
        check(in.fetch_add(1) == 0, "two threads are in");
        ++times;
        check(in.fetch_sub(1) == 1, "two threads are in");
    }
    void enter(int n) {
        for (int i = 0; i < n; ++i) enter();
    }
};

constexpr int until_biased = d::first_patience + 1;

template <class Mutex>
void two_threads() {
    guarded<Mutex> g;
    together({[&] { g.enter(2); }, [&] { g.enter(2); }});
    check(g.times == 4, "an entry was lost");
}

void a_favourite_and_another() {
    guarded<d::biased_spin_mutex> g;
    together({[&] { g.enter(until_biased + 1); }, [&] { g.enter(); }});
    check(g.times == until_biased + 2, "an entry was lost");
}

/// The bias ends, and begins once more.
void a_favourite_that_comes_back() {
    guarded<d::biased_spin_mutex> g;
    together({[&] { g.enter(until_biased + 2 * d::first_patience + 2); }, [&] { g.enter(2); }});
}

void a_favourite_and_two_others() {
    guarded<d::biased_spin_mutex> g;
    together({[&] { g.enter(until_biased + 1); }, [&] { g.enter(); }, [&] { g.enter(); }});
    check(g.times == until_biased + 3, "an entry was lost");
}

/// Whoever is out of it for the last time touches it no more.
void it_goes_with_whom_it_guards() {
    auto* const g = new guarded<d::biased_spin_mutex>;
    int left = 2;
    const auto leave = [&](int entries) {
        g->enter(entries);
        bool last = false;
        {
            const std::lock_guard held(g->lock);
            last = --left == 0;
        }
        if (last) delete g;
    };
    together({[&] { leave(until_biased); }, [&] { leave(0); }});
}

} // namespace

void tst_explore_locks::keepOthersOut_data() {
    rules({
        {"two threads on a spin_mutex", two_threads<d::spin_mutex>},
        {"two threads on a biased_mutex", two_threads<d::biased_spin_mutex>},
        {"a favourite and another", a_favourite_and_another},
        {"a favourite that comes back", a_favourite_that_comes_back, 4},
        {"a favourite and two others", a_favourite_and_two_others, 3},
        {"it goes with whom it guards", it_goes_with_whom_it_guards},
    });
}

QTEST_GUILESS_MAIN(tst_explore_locks)
#include "tst_explore_locks.moc"
