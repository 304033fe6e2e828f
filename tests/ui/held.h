// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QTest>

/// What the tests of held threads share: a laboratory with a small tree, stepped by hand.
struct HeldBench {
    lab::laboratory lab{lab::options{.seed = 1, .running = false}};
    SessionModel session{lab};

    lab::id_t make(lab::new_context c) {
        const lab::reply r = lab.call(std::move(c), "you");
        session.drain();
        return r.id;
    }
    /// Waits for the end of the step, and reads on.
    void step(lab::step_size size = lab::step_size::hook) {
        lab.call(lab::change_clock{.action = lab::clock_action::step, .size = size}, "you");
        QVERIFY(lab.wait_step(std::chrono::seconds(10)));
        session.drain();
    }
    /// A cancel stands at its first hook.
    void holdCancelOf(lab::id_t context) {
        lab.call(lab::change_clock{.action = lab::clock_action::hold}, "you");
        lab.post(lab::cancel_context{.context = context}, {}, "you");
        QVERIFY(QTest::qWaitFor([&] { return lab.held(); }, 10'000));
        session.drain();
    }
    void letGo() {
        lab.call(lab::change_clock{.action = lab::clock_action::pause}, "you");
        session.drain();
    }
};
