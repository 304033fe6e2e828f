// SPDX-License-Identifier: MIT
#include "json_schema.h"
#include "lab/scenario.h"

#include <QDir>
#include <QFile>
#include <QTest>

using nlohmann::json;

class tst_scenario_schema : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase();
    void acceptsTheShippedScenarios_data();
    void acceptsTheShippedScenarios();
    void agreesWithTheProgram_data();
    void agreesWithTheProgram();

  private:
    json schema_;
};

void tst_scenario_schema::initTestCase() {
    QFile file(SCENARIO_SCHEMA);
    QVERIFY(file.open(QIODevice::ReadOnly));
    schema_ = json::parse(file.readAll().toStdString());
}

void tst_scenario_schema::acceptsTheShippedScenarios_data() {
    QTest::addColumn<QString>("path");
    const QDir folder(SCENARIO_DIR);
    for (const QString& name : folder.entryList({"*.json"}, QDir::Files)) {
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
}

void tst_scenario_schema::acceptsTheShippedScenarios() {
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(schema_problem(schema_, json::parse(file.readAll().toStdString())), std::string());
}

void tst_scenario_schema::agreesWithTheProgram_data() {
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<bool>("good");
    const auto rows = [](bool good, std::initializer_list<const char*> commands) {
        for (const char* c : commands) {
            QTest::newRow(c) << "{\"commands\":[{\"at_ms\":0,\"do\":" + QByteArray(c) + "}]}" << good;
        }
    };
    rows(
        true,
        {
            R"("context","kind":"with_cancel")",
            R"("context","kind":"with_cancel_cause","id":"a","name":"b","parent":"root")",
            R"("context","kind":"without_cancel")",
            R"("context","kind":"with_timeout","timeout":"-1.5s")",
            R"("context","kind":"with_timeout","timeout":"1µs")",
            R"("context","kind":"with_timeout_cause","timeout":"1h2m3.s","cause":"late")",
            R"("context","kind":"with_deadline","deadline_ms":0.5)",
            R"("context","kind":"with_deadline_cause","timeout":"0","cause":"late")",
            R"("context","kind":"with_value","key":"","value":"v")",
            R"("context","kind":"after_func")",
            R"("worker","kind":"wait")",
            R"("worker","kind":"poller","every":"100ms","context":"root","id":"w")",
            R"("worker","kind":"work","for":"0")",
            R"("worker","kind":"operation","for":"1s","fail":"x")",
            R"("worker","kind":"stubborn","for":"2s")",
            R"("worker","kind":"cpu","for":"2s","check_every":"5ms")",
            R"("worker","kind":"producer","channel":"c","count":0,"every":"1s")",
            R"("worker","kind":"consumer")",
            R"("worker","kind":"pipeline","stages":2,"count":5)",
            R"("worker","kind":"fanout","n":9,"for":"1s","fail_index":-1,"fail_after":"1ms")",
            R"("request","path":"/")",
            R"("request","path":"/a?b=c","method":"POST","body":"x","count":2,"timeout":"1s","abort_after":"0s")",
            R"("value","context":"root","key":"k")",
            R"("sweep")",
            R"("clock","action":"run")",
            R"("clock","action":"set_speed","speed":0.5)",
        });
    rows(false, {
                    R"("tea")",
                    R"("context")",
                    R"("context","kind":"custom")",
                    R"("context","kind":"with_cancel","timeout":"1s")",
                    R"("context","kind":"with_cancel","parnet":"root")",
                    R"("context","kind":"with_cancel","id":"")",
                    R"("context","kind":"with_cancel","id":"a\nb")",
                    R"("context","kind":"with_timeout")",
                    R"("context","kind":"with_timeout","timeout":"1")",
                    R"("context","kind":"with_timeout","timeout":2)",
                    R"("context","kind":"with_timeout","timeout":"1s","cause":"x")",
                    R"("context","kind":"with_deadline")",
                    R"("context","kind":"with_deadline","timeout":"1s","deadline_ms":5)",
                    R"("context","kind":"with_deadline","deadline_ms":-5)",
                    R"("context","kind":"with_value","key":"k")",
                    R"("worker","kind":"tea")",
                    R"("worker","kind":"wait","every":"1s")",
                    R"("worker","kind":"work","for":"-1s")",
                    R"("worker","kind":"pipeline","stages":0)",
                    R"("worker","kind":"fanout","n":1.5)",
                    R"("request")",
                    R"("request","path":"process")",
                    R"("request","path":"/a b")",
                    R"("request","path":"/","method":"get")",
                    R"("request","path":"/","count":1001)",
                    R"("value","context":"root")",
                    R"("cancel")",
                    R"("sweep","id":"s")",
                    R"("clock","action":"step")",
                    R"("clock","action":"run","speed":1)",
                    R"("clock","action":"set_speed","speed":99)",
                });
}

void tst_scenario_schema::agreesWithTheProgram() {
    QFETCH(QByteArray, command);
    QFETCH(bool, good);
    const std::string by_schema = schema_problem(schema_, json::parse(command.toStdString()));
    QVERIFY2(by_schema.empty() == good, by_schema.c_str());
    std::string by_program;
    try {
        lab::parse_scenario(command.toStdString(), "f.json");
    } catch (const lab::input_error& e) {
        by_program = e.what();
    }
    QVERIFY2(by_program.empty() == good, by_program.c_str());
}

QTEST_APPLESS_MAIN(tst_scenario_schema)
#include "tst_scenario_schema.moc"
