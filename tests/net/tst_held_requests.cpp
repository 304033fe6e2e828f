// SPDX-License-Identifier: MIT
#include "lab/blame.h"
#include "lab/stand_in.h"
#include "lab_bench.h"

#include <httplib.h>

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <future>
#include <poll.h>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::clock_mode;
using lab::event_kind;
using lab::step_size;

Q_DECLARE_METATYPE(lab::clock_mode)

namespace {

/// A laboratory whose threads are held, and what can be seen of them.
struct held_bench : lab_bench {
    explicit held_bench(clock_mode mode = clock_mode::virtual_time, bool running = true)
        : lab_bench({.mode = mode, .running = running}) {}

    void clock(clock_action action) { QVERIFY(lab.call(lab::change_clock{.action = action}).ok()); }
    void step(step_size size = step_size::hook) {
        lab.call(lab::change_clock{.action = clock_action::step, .size = size});
        QVERIFY(lab.wait_step(10s));
    }
    lab::event at() const { return lab.log().read(lab.held_threads().at(0).seq - 1).front(); }
    bool waits(const char* worker) {
        return becomes([&](const lab::state& s) { return waiting(s, worker) != nullptr; });
    }
    static const lab::worker_info* waiting(const lab::state& s, std::string_view name) {
        for (const lab::worker_info& w : s.workers())
            if (w.name == name && w.state == lab::worker_state::waiting) return &w;
        return nullptr;
    }
    lab::id_t context_of(const char* worker) const {
        const lab::state s = lab.snapshot();
        for (const lab::worker_info& w : s.workers())
            if (w.name == worker) return w.context;
        return 0;
    }
    /// Steps from hook to hook until `over`, and tells where anybody was held before the propagation ended.
    /// Not that waiters are woken: there are some only if the handler had come to its select by then.
    std::vector<event_kind> stops_until(const std::function<bool()>& over) {
        std::vector<event_kind> kinds;
        bool finished = false;
        for (;;) {
            if (!QTest::qWaitFor([&] { return lab.held() || over(); }, 10'000)) return {};
            if (over()) return kinds;
            if (const event_kind k = at().kind; !finished) {
                if (k != event_kind::waiters_woken) kinds.push_back(k);
                finished = k == event_kind::wave_finished;
            }
            step();
        }
    }
    std::optional<lab::blame> blame(lab::id_t context) const {
        return lab::blame_for(lab::log_view(lab.log(), 1, lab.log().last_seq()), lab.snapshot(), context);
    }
};

struct answer {
    int status = 0;
    std::string body;
};

/// A real client, on a thread of its own.
std::future<answer> ask(const held_bench& b, const std::string& path, bool post = false) {
    return std::async(std::launch::async, [port = b.http.port(), path, post] {
        httplib::Client client("127.0.0.1", port);
        client.set_read_timeout(30s);
        const httplib::Result r = post ? client.Post(path, "{}", "application/json") : client.Get(path);
        return r ? answer{r->status, r->body} : answer{};
    });
}

bool answered(const std::future<answer>& f) {
    return f.wait_for(0s) == std::future_status::ready;
}

const std::vector<event_kind> a_cancel_of_one{event_kind::cancel_called, event_kind::context_done,
                                              event_kind::context_detached, event_kind::wave_finished};

void modes() {
    QTest::addColumn<clock_mode>("mode");
    QTest::newRow("virtual") << clock_mode::virtual_time;
    QTest::newRow("real") << clock_mode::real_time;
}

} // namespace

class tst_held_requests : public QObject {
    Q_OBJECT
  private slots:
    void a_pause_holds_a_handler_and_loses_nothing_data() { modes(); }
    void a_pause_holds_a_handler_and_loses_nothing();
    void a_cancel_over_the_api_is_stepped_to_its_end_data() { modes(); }
    void a_cancel_over_the_api_is_stepped_to_its_end();
    void a_deadline_is_stepped_to_its_end_data() { modes(); }
    void a_deadline_is_stepped_to_its_end();
    void time_waits_for_a_handler_that_a_deadline_wakes_data();
    void time_waits_for_a_handler_that_a_deadline_wakes();
    void a_client_that_leaves_is_stepped_to_its_end();
    void a_request_is_made_anew_without_its_network();
    void while_it_is_held_the_tree_can_be_looked_at_and_grows();
    void curl_waits_while_it_is_held();
};

void tst_held_requests::a_pause_holds_a_handler_and_loses_nothing() {
    QFETCH(clock_mode, mode);
    held_bench b(mode, false);
    raw::client c(b.http.port());
    c.get("/process?work=20ms");
    QVERIFY(b.waits("process"));
    const lab::lab_time before = b.lab.now();
    pollfd p{c.fd(), POLLIN, 0};
    QCOMPARE(::poll(&p, 1, 60), 0); // three times its work
    QCOMPARE(b.lab.now(), before);
    b.clock(clock_action::run);
    QCOMPARE(c.receive().body, "request processed");
    QVERIFY(b.lab.now() - before >= 20ms); // all of its work was still before it
}

void tst_held_requests::a_cancel_over_the_api_is_stepped_to_its_end() {
    QFETCH(clock_mode, mode);
    held_bench b(mode);
    const auto request = ask(b, "/process?work=1h");
    QVERIFY(b.waits("process"));
    const lab::id_t id = b.context_of("process");
    b.clock(clock_action::hold);
    const auto cancel = ask(b, "/api/v1/contexts/" + std::to_string(id) + "/cancel", true);
    QVERIFY(QTest::qWaitFor([&] { return b.lab.held(); }, 10'000));
    QCOMPARE(b.at().kind, event_kind::cancel_called);
    QVERIFY(!b.lab.snapshot().context(id)->done);
    const auto held = nlohmann::json::parse(b.get("/api/v1/held").body)["held"];
    QCOMPARE(held.size(), std::size_t(1));
    QCOMPARE(held[0]["event"], "cancel_called");
    QCOMPARE(held[0]["context"], id);
    QVERIFY(held[0]["next"].get<std::string>().starts_with("Next, Err and cause of "));
    const auto over = [&] { return answered(request) && answered(cancel); };
    QVERIFY(!answered(request) && !answered(cancel));
    QCOMPARE(b.stops_until(over), a_cancel_of_one);
    const std::optional<lab::blame> why = b.blame(id);
    QVERIFY(why.has_value());
    QCOMPARE(why->by, lab::culprit::person);
    QCOMPARE(why->who, std::string("api"));
    QCOMPARE(why->reactions.size(), std::size_t(1));
    QVERIFY(why->reactions.front().to_notice.has_value());
}

void tst_held_requests::a_deadline_is_stepped_to_its_end() {
    QFETCH(clock_mode, mode);
    held_bench b(mode, false);
    auto request = ask(b, "/process?work=1h&timeout=15ms");
    QVERIFY(b.waits("process"));
    const lab::id_t id = b.context_of("process");
    b.step(); // goes to the deadline, or waits for it
    QVERIFY(b.lab.held());
    QCOMPARE(b.at().kind, event_kind::deadline_expired);
    QVERIFY(!answered(request));
    const std::vector<event_kind> stops = b.stops_until([&] { return answered(request); });
    const std::vector expected{event_kind::deadline_expired, event_kind::context_done,
                               event_kind::context_detached, event_kind::wave_finished};
    QCOMPARE(stops, expected);
    QCOMPARE(request.get().status, 504);
    QCOMPARE(b.blame(id)->by, lab::culprit::timer);
}

void tst_held_requests::time_waits_for_a_handler_that_a_deadline_wakes_data() {
    QTest::addColumn<bool>("stepped");
    QTest::newRow("step by step") << true;
    QTest::newRow("in one advance") << false;
}

void tst_held_requests::time_waits_for_a_handler_that_a_deadline_wakes() {
    QFETCH(bool, stepped);
    for (int i = 0; i < 30; ++i) {
        held_bench b(clock_mode::virtual_time, false);
        // Something else is due soon after.
        QVERIFY(
            b.lab.call(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 2001ms}).ok());
        auto request = ask(b, "/process?work=1h&timeout=2s");
        QVERIFY(b.waits("process"));
        if (stepped) b.clock(clock_action::hold);
        if (stepped) {
            b.step(step_size::node);
            QCOMPARE(b.at().kind, event_kind::context_done);
            QCOMPARE(b.at().context, b.context_of("process"));
            b.step(step_size::node); // the request's own context ends with its handler
            QCOMPARE(b.at().kind, event_kind::context_done);
            QCOMPARE(b.at().at, b.last(event_kind::deadline_expired).at);
            b.step(step_size::node);
            QCOMPARE(b.last(event_kind::deadline_expired).context, b.at().context);
        } else {
            QVERIFY(b.lab.call(lab::change_clock{.action = clock_action::advance, .by = 2h}).ok());
        }
        const lab::lab_time over = b.last(event_kind::worker_noticed).at;
        QVERIFY(over != lab::lab_time{});
        QCOMPARE(b.last(event_kind::worker_exited).at, over);
        QCOMPARE(b.last(event_kind::request_ended).at, over);
        QCOMPARE(b.last(event_kind::worker_leaked).kind, event_kind::note);
        b.clock(clock_action::run);
        QCOMPARE(request.get().status, 504);
    }
}

void tst_held_requests::a_client_that_leaves_is_stepped_to_its_end() {
    held_bench b;
    {
        raw::client c(b.http.port());
        c.get("/process?work=1h");
        QVERIFY(b.waits("process"));
        b.clock(clock_action::hold);
    }
    const lab::id_t id = b.context_of("process");
    QVERIFY(QTest::qWaitFor([&] { return b.lab.held(); }, 10'000));
    QCOMPARE(b.at().kind, event_kind::cancel_called);
    QVERIFY(!b.lab.held_threads().front().laboratory);
    const auto over = [&] { return is_quiet(b.lab.snapshot()); };
    QCOMPARE(b.stops_until(over), a_cancel_of_one);
    QCOMPARE(b.blame(id)->by, lab::culprit::client);
    QVERIFY(b.blame(id)->request != 0);
}

void tst_held_requests::while_it_is_held_the_tree_can_be_looked_at_and_grows() {
    held_bench b;
    auto request = ask(b, "/process?work=1h");
    QVERIFY(b.waits("process"));
    const lab::id_t id = b.context_of("process");
    b.clock(clock_action::hold);
    const auto cancel = ask(b, "/api/v1/contexts/" + std::to_string(id) + "/cancel", true);
    QVERIFY(QTest::qWaitFor([&] { return b.lab.held(); }, 10'000));
    b.step();
    QCOMPARE(b.at().kind, event_kind::context_done);
    const std::uint64_t stands_at = b.at().seq;
    QCOMPARE(b.get("/api/v1/contexts/" + std::to_string(id) + "/value?key=path").status, 200);
    const raw::response made = b.post("/api/v1/contexts", R"({"kind":"with_cancel","parent":1})");
    QCOMPARE(made.status, 201);
    // Below the context that is being cancelled a new one is born done.
    const raw::response late =
        b.post("/api/v1/contexts", R"({"kind":"with_cancel","parent":)" + std::to_string(id) + "}");
    QCOMPARE(late.status, 201);
    const lab::state s = b.lab.snapshot();
    QVERIFY(!s.context(nlohmann::json::parse(made.body)["id"].get<lab::id_t>())->done);
    QVERIFY(s.context(nlohmann::json::parse(late.body)["id"].get<lab::id_t>())->done);
    QCOMPARE(b.at().seq, stands_at);
    QVERIFY(!answered(request) && !answered(cancel));
    b.clock(clock_action::run);
    QCOMPARE(request.get().status, 503);
}

void tst_held_requests::curl_waits_while_it_is_held() {
    const QString curl = QStandardPaths::findExecutable(QStringLiteral("curl"));
    if (curl.isEmpty()) QSKIP("curl is not installed");
    held_bench b;
    QProcess client;
    client.start(curl, {QStringLiteral("--silent"), QStringLiteral("--max-time"), QStringLiteral("30"),
                        QString::fromStdString(b.http.address() + "/process?work=1h&timeout=10s")});
    QVERIFY(client.waitForStarted());
    QVERIFY(b.waits("process"));
    b.clock(clock_action::hold);
    b.step();
    QVERIFY(b.lab.held());
    QCOMPARE(b.at().kind, event_kind::deadline_expired);
    QVERIFY(!client.waitForFinished(60));
    b.stops_until([&] { return client.waitForFinished(0) || client.state() == QProcess::NotRunning; });
    QCOMPARE(client.readAllStandardOutput(), QByteArray("context deadline exceeded"));
}

void tst_held_requests::a_request_is_made_anew_without_its_network() {
    held_bench b;
    auto client = ask(b, "/process?work=1h");
    QVERIFY(b.waits("process"));
    const lab::life life = b.lab.inputs();
    QVERIFY(!life.recorded_only.empty());
    const lab::state picture = b.lab.snapshot();
    lab::laboratory second(
        {.running = false, .as_fast_as_possible = true, .with = lab::stand_in(picture, life)});
    QVERIFY(second.call(lab::change_clock{.action = clock_action::advance, .by = picture.now()}).ok());
    const auto request = [](const lab::state& s) {
        for (const lab::context_info& c : s.contexts())
            if (c.name == "GET /process") return c;
        return lab::context_info();
    };
    const lab::context_info again = request(second.snapshot());
    QCOMPARE(second.snapshot().go_string(again.id), picture.go_string(request(picture).id));
    QVERIFY(held_bench::waiting(second.snapshot(), "process"));
    QVERIFY(second.call(lab::cancel_context{.context = again.id}).ok());
    QVERIFY(second.call(lab::change_clock{.action = clock_action::advance, .by = 1ms}).ok());
    QVERIFY(second.snapshot().workers().front().exited);
    QVERIFY(second.inputs().recorded_only.empty());
    QVERIFY(!answered(client)); // the first one's is not touched
    QVERIFY(b.lab.call(lab::cancel_context{.context = request(picture).id}).ok());
    QCOMPARE(client.get().status, 503);
}

QTEST_GUILESS_MAIN(tst_held_requests)
#include "tst_held_requests.moc"
