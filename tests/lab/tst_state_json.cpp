// SPDX-License-Identifier: MIT
#include "lab/state_json.h"

#include "story.h"

#include <QTest>

using lab::event_kind;
using nlohmann::ordered_json;

class tst_state_json : public QObject {
    Q_OBJECT
  private slots:
    void anEmptyPictureHasEmptyLists();
    void theStateHasTheAgreedMembers();
    void contextsAreWrittenWithTheirPlainFacts();
    void whatDoesNotApplyIsNull();
    void workersAndRequestsAreWritten();
    void timesAreWholeWhenTheyAre();
    void aDeepChainStaysSmall();
    void workerKindsAreListed();
};

void tst_state_json::anEmptyPictureHasEmptyLists() {
    const ordered_json j = lab::to_json(lab::state());
    for (const char* list : {"contexts", "workers", "requests", "clients"}) {
        QVERIFY(j[list].is_array());
        QVERIFY(j[list].empty());
    }
}

void tst_state_json::theStateHasTheAgreedMembers() {
    story t;
    t.root();
    t.add({.kind = event_kind::clock_changed, .on = true, .speed = 0.25});
    t.picture.set_now(std::chrono::microseconds(1500));
    const ordered_json j = lab::to_json(t.picture);
    QCOMPARE(j["seq"].get<int>(), 3);
    QCOMPARE(j["time_ms"].get<double>(), 1.5);
    QCOMPARE(j["clock"].dump(),
             std::string(R"({"mode":"virtual","running":true,"speed":0.25,"stepping":false})"));
    QCOMPARE(j["seed"].get<int>(), 7);
    QCOMPARE(j["contexts"].size(), std::size_t(1));
}

void tst_state_json::contextsAreWrittenWithTheirPlainFacts() {
    story t;
    t.root();
    t.timed(2, 1, 2000, "req");
    t.value(3, 2, "user", "ana");
    t.at_ms(500);
    t.done(2, 2, "context canceled", "enough");
    const ordered_json j = lab::to_json(t.picture)["contexts"];
    const ordered_json& req = j[1];
    QCOMPARE(req["id"].get<int>(), 2);
    QCOMPARE(req["parent"].get<int>(), 1);
    QCOMPARE(req["kind"].get<std::string>(), std::string("with_timeout"));
    QCOMPARE(req["name"].get<std::string>(), std::string("req"));
    QVERIFY(req["string"].get<std::string>().ends_with("m=+2.000000000 [1.5s])"));
    QCOMPARE(req["state"].get<std::string>(), std::string("canceled"));
    QCOMPARE(req["err"].get<std::string>(), std::string("context canceled"));
    QCOMPARE(req["cause"].get<std::string>(), std::string("enough"));
    QCOMPARE(req["deadline_ms"].dump(), std::string("2000"));
    QCOMPARE(req["deadline_owner"].get<int>(), 2);
    QCOMPARE(req["children"].dump(), std::string("[3]"));
    QCOMPARE(req["done_ms"].dump(), std::string("500"));
    QVERIFY(req["key"].is_null());
    QCOMPARE(j[2]["key"].get<std::string>(), std::string("user"));
    QCOMPARE(j[2]["value"].get<std::string>(), std::string("ana"));
    QCOMPARE(j[2]["deadline_owner"].get<int>(), 2);
}

void tst_state_json::whatDoesNotApplyIsNull() {
    story t;
    t.root();
    const ordered_json root = lab::to_json(t.picture)["contexts"][0];
    QCOMPARE(root["id"].get<int>(), 1);
    QCOMPARE(root["kind"].get<std::string>(), std::string("background"));
    QCOMPARE(root["string"].get<std::string>(), std::string("context.Background"));
    QCOMPARE(root["state"].get<std::string>(), std::string("active"));
    for (const char* member :
         {"parent", "err", "cause", "deadline_ms", "deadline_owner", "key", "value", "done_ms"}) {
        QVERIFY2(root.contains(member) && root[member].is_null(), member);
    }
}

void tst_state_json::workersAndRequestsAreWritten() {
    story t;
    t.root();
    t.worker(event_kind::worker_started, 1, 1, "wait");
    t.at_ms(3);
    t.worker(event_kind::worker_exited, 1, 1, "finished");
    t.add({.kind = event_kind::request_started,
           .context = 1,
           .request = 2,
           .name = "GET",
           .text = "/leak",
           .data = "::1"});
    t.add({.kind = event_kind::request_ended,
           .req_state = lab::request_state::timed_out,
           .request = 2,
           .value = 504});
    const ordered_json j = lab::to_json(t.picture);
    const ordered_json& w = j["workers"][0];
    QCOMPARE(w["name"].get<std::string>(), std::string("wait 1"));
    QCOMPARE(w["state"].get<std::string>(), std::string("exited"));
    QCOMPARE(w["reason"].get<std::string>(), std::string("finished"));
    QCOMPARE(w["started_ms"].dump() + w["exited_ms"].dump(), std::string("03"));
    const ordered_json& r = j["requests"][0];
    QCOMPARE(r["state"].get<std::string>(), std::string("timed_out"));
    QCOMPARE(r["status"].get<int>(), 504);
    QCOMPARE(r["peer"].get<std::string>(), std::string("::1"));
    QCOMPARE(r["started_ms"].dump() + r["ended_ms"].dump(), std::string("33"));
    QCOMPARE(j["contexts"][0]["workers"].dump(), std::string("[1]"));
}

void tst_state_json::timesAreWholeWhenTheyAre() {
    QCOMPARE(lab::ms_json(std::chrono::seconds(2)).dump(), std::string("2000"));
    QCOMPARE(lab::ms_json(std::chrono::microseconds(-2500)).dump(), std::string("-2.5"));
    QCOMPARE(lab::ms_json(lab::lab_time(1)).dump(), std::string("1e-06"));
}

void tst_state_json::aDeepChainStaysSmall() {
    story t;
    t.root();
    for (lab::id_t id = 2; id <= 2000; ++id) t.created(id, id - 1, lab::context_kind::with_cancel);
    const ordered_json j = lab::to_json(t.picture)["contexts"];
    QVERIFY(j[200]["string"].get<std::string>().starts_with("context.Background.WithCancel"));
    QVERIFY(j[1999]["string"].get<std::string>().starts_with("....WithCancel"));
    QVERIFY(lab::json_text(j).size() < 12'000'000);
}

void tst_state_json::workerKindsAreListed() {
    const ordered_json j = lab::to_json(lab::worker_kinds());
    QCOMPARE(j[1]["kind"].get<std::string>(), std::string("poller"));
    QCOMPARE(j[1]["fields"][0]["name"].get<std::string>(), std::string("every"));
    QCOMPARE(j[1]["fields"][0]["type"].get<std::string>(), std::string("duration"));
    QCOMPARE(j[1]["fields"][0]["default"].get<std::string>(), std::string("100ms"));
    QVERIFY(!j[1]["help"].get<std::string>().empty());
}

QTEST_APPLESS_MAIN(tst_state_json)
#include "tst_state_json.moc"
