// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "lab_bench.h"

using nlohmann::json;

namespace {

void post(const char* name, const char* path, const char* body, int status, const char* says) {
    QTest::newRow(name) << QByteArray(path) << QByteArray(body) << status << QByteArray(says);
}
void get(const char* name, const char* path, int status, const char* says) {
    QTest::newRow(name) << QByteArray(path) << QByteArray() << status << QByteArray(says);
}

void context_rows() {
    const char* contexts = "/api/v1/contexts";
    post("no JSON", contexts, "kind=with_cancel", 400, "body:1:1");
    post("half JSON", contexts, "{\"kind\":", 400, "body:1");
    post("not an object", contexts, "[]", 400, "object");
    post("no kind", contexts, "{}", 400, "kind");
    post("unknown kind", contexts, R"({"kind":"with_tea"})", 400, "with_tea");
    post("background", contexts, R"({"kind":"background"})", 400, "background");
    post("unknown member", contexts, R"({"kind":"with_cancel","colour":"red"})", 400, "colour");
    post("member twice", contexts, R"({"kind":"with_cancel","kind":"with_cancel"})", 400, "kind");
    post("no timeout", contexts, R"({"kind":"with_timeout"})", 400, "timeout");
    post("bad timeout", contexts, R"({"kind":"with_timeout","timeout":"5"})", 400, "timeout");
    post("timeout as a number", contexts, R"({"kind":"with_timeout","timeout":5})", 400, "timeout");
    post("timeout where none belongs", contexts, R"({"kind":"with_cancel","timeout":"5s"})", 400, "timeout");
    post("cause where none belongs", contexts, R"({"kind":"with_cancel","cause":"x"})", 400, "cause");
    post("no key", contexts, R"({"kind":"with_value","value":"x"})", 400, "key");
    post("no parent of that id", contexts, R"({"kind":"with_cancel","parent":99})", 404, "99");
    post("parent as a text", contexts, R"({"kind":"with_cancel","parent":"1"})", 400, "parent");
    post("negative parent", contexts, R"({"kind":"with_cancel","parent":-1})", 400, "parent");
    post("cancels where none belongs", contexts, R"({"kind":"with_cancel","cancels":1})", 400, "cancels");
    post("cancel nobody", "/api/v1/contexts/99/cancel", "{}", 404, "99");
    post("cancel with a cause that it does not take", "/api/v1/contexts/2/cancel", R"({"cause":"x"})", 409,
         "cause");
    post("cancel the root", "/api/v1/contexts/1/cancel", "{}", 409, "");
    post("cancel with a bad member", "/api/v1/contexts/2/cancel", R"({"why":"x"})", 400, "why");
    post("cancel what is no number", "/api/v1/contexts/two/cancel", "{}", 404, "path");
    get("value of nobody", "/api/v1/contexts/99/value?key=k", 404, "99");
    get("value without a key", "/api/v1/contexts/1/value", 400, "key");
    get("value with an empty key", "/api/v1/contexts/1/value?key=", 400, "key");
    get("value with two keys", "/api/v1/contexts/1/value?key=a&key=b", 400, "key");
}

void worker_and_clock_rows() {
    const char* workers = "/api/v1/workers";
    post("worker of no kind", workers, R"({"context":1})", 400, "kind");
    post("worker of unknown kind", workers, R"({"context":1,"kind":"idler"})", 400, "idler");
    post("worker for nobody", workers, R"({"context":99,"kind":"wait"})", 404, "99");
    post("worker with another's field", workers, R"({"context":1,"kind":"wait","every":"1s"})", 400, "every");
    post("worker with a bad field", workers, R"({"context":1,"kind":"poller","every":"soon"})", 400, "every");
    post("worker with a negative field", workers, R"({"context":1,"kind":"poller","every":"-1s"})", 400,
         "every");
    const char* clock = "/api/v1/clock";
    post("clock without an action", clock, "{}", 400, "action");
    post("clock with an unknown action", clock, R"({"action":"jump"})", 400, "jump");
    post("advance by nothing", clock, R"({"action":"advance"})", 400, "by");
    post("advance backwards", clock, R"({"action":"advance","by":"-1s"})", 400, "by");
    post("by without advance", clock, R"({"action":"run","by":"1s"})", 400, "by");
    post("unknown size", clock, R"({"action":"step","size":"mile"})", 400, "mile");
    post("size without step", clock, R"({"action":"run","size":"node"})", 400, "size");
    post("too fast", clock, R"({"action":"run","speed":17})", 400, "speed");
    post("too slow", clock, R"({"action":"run","speed":0})", 400, "speed");
    post("unknown mode", clock, R"({"mode":"lunar"})", 400, "lunar");
    post("real and slow", clock, R"({"speed":0.5,"mode":"real"})", 409, "real");
    post("a mode with a step", clock, R"({"action":"step","mode":"real"})", 400, "mode");
    post("unknown scenario", "/api/v1/reset", R"({"scenario":"tea"})", 400, "scenario");
    post("scenario as a path", "/api/v1/reset", R"({"scenario":"/etc/passwd"})", 400, "scenario");
    post("reset with a bad member", "/api/v1/reset", R"({"seed":1})", 400, "seed");
    get("since what", "/api/v1/events?since=x", 400, "since");
    get("since before", "/api/v1/events?since=-1", 400, "since");
    post("send no path", "/api/v1/requests", R"({"method":"GET"})", 400, "path");
    post("send elsewhere", "/api/v1/requests", R"({"path":"http://example.com/"})", 400, "path");
}

void path_rows() {
    get("no such path", "/api/v2/state", 404, "/api/v2/state");
    get("a path that goes up", "/api/../etc/passwd", 404, "path");
    get("process with bad work", "/process?work=abc", 400, "work");
    get("process without a unit", "/process?work=5", 400, "work");
    get("process with negative work", "/process?work=-1s", 400, "work");
    get("process with a bad timeout", "/process?timeout=x", 400, "timeout");
    get("process twice", "/process?work=1s&work=2s", 400, "work");
    get("process for ever", "/process?work=25h", 400, "work");
    get("search for nothing", "/search", 400, "q");
    get("search for an empty text", "/search?q=", 400, "q");
    get("search with a bad timeout", "/search?q=x&timeout=y", 400, "timeout");
    get("search with a bad backend", "/search?q=x&backend=y", 400, "backend");
    get("fan out to nobody", "/fanout?n=0", 400, "n");
    get("fan out to too many", "/fanout?n=1001", 400, "n");
    get("fan out to what", "/fanout?n=many", 400, "n");
    get("fan out with a failure of nobody", "/fanout?n=3&fail=3", 400, "fail");
    get("fan out with a bad time", "/fanout?after=x", 400, "after");
    get("leak for what", "/leak?for=x", 400, "for");
    get("chain of no links", "/chain?depth=0", 400, "depth");
    get("chain of too many links", "/chain?depth=33", 400, "depth");
    get("chain with bad work", "/chain?work=x", 400, "work");
}

} // namespace

class tst_api_errors : public QObject {
    Q_OBJECT

  private slots:
    void bad_requests_change_nothing_data();
    void bad_requests_change_nothing();
    void wrong_methods_are_told_the_right_ones_data();
    void wrong_methods_are_told_the_right_ones();
    void a_body_of_another_type_is_refused();
};

void tst_api_errors::bad_requests_change_nothing_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body"); // null: GET
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    context_rows();
    worker_and_clock_rows();
    path_rows();
}

void tst_api_errors::bad_requests_change_nothing() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    lab_bench b({.running = false});
    b.lab.call(lab::new_context{}); // 2, takes no cause
    json before = b.state();
    const raw::response r =
        body.isNull() ? b.get(path.toStdString()) : b.post(path.toStdString(), body.toStdString());
    QVERIFY2(r.status == status, (std::to_string(r.status) + " " + r.body).c_str());
    QCOMPARE(r.header("Content-Type"), "application/json");
    const json answer = json::parse(r.body);
    QCOMPARE(answer.size(), std::size_t{1});
    const auto why = answer.at("error").get<std::string>();
    QVERIFY2(why.find(says.toStdString()) != std::string::npos, why.c_str());
    json after = b.state();
    before.erase("seq"); // that somebody asked, and was refused, may be written down
    after.erase("seq");
    QCOMPARE(after, before);
}

void tst_api_errors::wrong_methods_are_told_the_right_ones_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("allow");
    QTest::newRow("post a reading") << QByteArray("POST /api/v1/state") << QByteArray("GET, HEAD");
    QTest::newRow("get a making") << QByteArray("GET /api/v1/contexts") << QByteArray("POST");
    QTest::newRow("get a cancel") << QByteArray("GET /api/v1/contexts/1/cancel") << QByteArray("POST");
    QTest::newRow("delete a context") << QByteArray("DELETE /api/v1/contexts") << QByteArray("POST");
    QTest::newRow("put the clock") << QByteArray("PUT /api/v1/clock") << QByteArray("POST");
    QTest::newRow("post a process") << QByteArray("POST /process") << QByteArray("GET, HEAD");
    QTest::newRow("preflight") << QByteArray("OPTIONS /api/v1/clock") << QByteArray("POST");
    QTest::newRow("post the page") << QByteArray("POST /") << QByteArray("GET, HEAD");
}

void tst_api_errors::wrong_methods_are_told_the_right_ones() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, allow);
    lab_bench b;
    raw::client c(b.http.port());
    c.send(request.toStdString() + " HTTP/1.1\r\n" + c.host() + "\r\n");
    const raw::response r = c.receive();
    QCOMPARE(r.status, 405);
    QCOMPARE(r.header("Allow"), allow.toStdString());
    QVERIFY(json::parse(r.body).contains("error"));
    QVERIFY(r.header("Access-Control-Allow-Origin").empty());
}

void tst_api_errors::a_body_of_another_type_is_refused() {
    lab_bench b;
    const char* body = R"({"kind":"with_cancel"})";
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: text/plain\r\n").status, 415);
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: application/x-www-form-urlencoded\r\n").status,
             415);
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: application/json; charset=utf-8\r\n").status,
             201);
    QCOMPARE(b.post("/api/v1/contexts", body, "").status, 201);
}

QTEST_GUILESS_MAIN(tst_api_errors)
#include "tst_api_errors.moc"
