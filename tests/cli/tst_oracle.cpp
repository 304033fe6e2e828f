// SPDX-License-Identifier: MIT
#include "cli/oracle.h"
#include "lab/input_error.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sstream>
#include <string>

/// The library against real Go: the same scripts, the same bytes.
class tst_oracle : public QObject {
    Q_OBJECT

  private slots:
    void printsWhatGoPrints_data();
    void printsWhatGoPrints();
    void takesAListOfOperations();
    void refusesAnInvalidScript_data();
    void refusesAnInvalidScript();
    void leavesNothingOfAScriptBehind();
};

namespace {

std::string run(const std::string& script) {
    std::istringstream in(script);
    std::ostringstream out;
    cli::run_oracle(in, "script", out);
    return out.str();
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Where two outputs part: the first line that differs, with its number.
QString firstDifference(const QByteArray& found, const QByteArray& expected) {
    const auto a = found.split('\n'), b = expected.split('\n');
    for (qsizetype i = 0; i < qMax(a.size(), b.size()); ++i) {
        if (a.value(i) == b.value(i) && i < a.size() && i < b.size()) continue;
        return QString("line %1\n   found:    %2\n   expected: %3")
            .arg(i + 1)
            .arg(QString::fromUtf8(a.value(i)), QString::fromUtf8(b.value(i)));
    }
    return {};
}

} // namespace

void tst_oracle::printsWhatGoPrints_data() {
    QTest::addColumn<QString>("script");
    int rows = 0;
    for (const char* folder : {"cases", "more", "corpus"}) {
        const QDir dir(QString(TEST_DATA_DIR "/oracle/") + folder);
        for (const QString& name : dir.entryList({"*.ndjson"}, QDir::Files, QDir::Name)) {
            QTest::newRow(qPrintable(folder + ("/" + name))) << dir.filePath(name);
            ++rows;
        }
    }
    QVERIFY2(rows >= 14, "the scripts are missing");
}

void tst_oracle::printsWhatGoPrints() {
    QFETCH(const QString, script);
    const QByteArray expected = contents(QString(script).replace(".ndjson", ".out"));
    QVERIFY(!expected.isEmpty());
    const QByteArray found = QByteArray::fromStdString(run(contents(script).toStdString()));
    QVERIFY2(found == expected, qPrintable(firstDifference(found, expected)));
}

void tst_oracle::takesAListOfOperations() {
    const std::string lines = R"({"op":"script","name":"x"}
{"op":"background","id":"bg"}
{"op":"withTimeout","id":"t","parent":"bg","ms":5}
{"op":"advance","ms":5})";
    std::string list = "# a comment\n\n [" + lines + "]\n";
    for (std::size_t at = 0; (at = list.find("}\n{", at)) != std::string::npos; ++at)
        list.insert(at + 1, ",");
    QCOMPARE(run(list), run(lines));
}

void tst_oracle::refusesAnInvalidScript_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("complaint");
    const auto row = [](const char* name, const char* line, const char* complaint) {
        QTest::newRow(name) << QByteArray(line) << QString(complaint);
    };
    row("unknown op", R"({"op":"withcancel","id":"x"})",
        "script:3:2: op: \"withcancel\": unknown op: expected one of advance, afterFunc, background, cancel, "
        "cancelConcurrent, cause, causeIs, children, custom, deadline, done, err, errIs, now, registered, "
        "sameDone, stop, "
        "string, todo, value, watchers, withCancel, withCancelCause, withDeadline, withDeadlineCause, "
        "withTimeout, "
        "withTimeoutCause, withValue, withoutCancel; did you mean withCancel?");
    row("no op", R"({"id":"x"})", "script:3:1: missing member \"op\": expected a text");
    row("not an object", R"("x")", "script:3:1: \"x\": expected an object");
    row("unknown id", R"({"op":"err","id":"x"})",
        "script:3:13: id: \"x\": unknown id; expected that of a context");
    row("unknown parent", R"({"op":"withCancel","id":"x","parent":"y"})",
        "script:3:29: parent: \"y\": unknown id; expected that of a context");
    row("unknown context of a callback", R"({"op":"afterFunc","id":"x","ctx":"y"})",
        "script:3:28: ctx: \"y\": unknown id; expected that of a context");
    row("unknown registration", R"({"op":"stop","id":"bg"})",
        "script:3:14: id: \"bg\": unknown id; expected that of a registration");
    row("id used twice", R"({"op":"withCancel","id":"bg","parent":"bg"})",
        "script:3:20: id: \"bg\" is used already; expected a new id");
    row("misspelt member", R"({"op":"withTimeout","id":"x","parnet":"bg","ms":1})",
        "script:3:30: parnet: unknown member: expected one of op, ms, id, parent; did you mean parent?");
    row("superfluous member", R"({"op":"now","id":"bg"})",
        "script:3:13: id: unknown member: expected one of op");
    row("a cause for a plain cancel function",
        R"({"op":"withDeadline","id":"x","parent":"bg","at":1,"cause":{"text":"y"}})",
        "script:3:52: cause: unknown member: expected one of op, at, id, parent");
    row("member that is there twice", R"({"op":"now","op":"now"})",
        "script:3:13: op: this member is there twice; expected it once");
    row("missing member", R"({"op":"withTimeout","id":"x","parent":"bg"})",
        "script:3:1: missing member \"ms\": expected milliseconds");
    row("missing parent of a custom context", R"({"op":"custom","id":"x","kind":"embed"})",
        "script:3:1: missing member \"parent\": expected a text");
    row("wrong type", R"({"op":"advance","ms":"5"})",
        "script:3:17: ms: \"5\": expected a whole number of 64 bits");
    row("fraction of a millisecond", R"({"op":"advance","ms":0.5})",
        "script:3:17: ms: 0.5: expected a whole number of 64 bits");
    row("time that goes back", R"({"op":"advance","ms":-1})",
        "script:3:17: ms: time does not go back; expected 0 or more");
    row("unknown kind", R"({"op":"custom","id":"x","kind":"embedd","parent":"bg"})",
        "script:3:25: kind: \"embedd\": expected one of embed, named, nilDone, noValue, freshDone, "
        "foreign, ownDone, "
        "forward, afterFuncer, embedAfter; did you mean embed?");
    row("unknown type of key", R"({"op":"value","id":"bg","keyType":"C","key":"k"})",
        "script:3:25: keyType: \"C\": expected one of string, A, B, int, keyInt, ptr, newptr, nil, slice");
    row("key that is no number", R"({"op":"value","id":"bg","keyType":"int","key":"k"})",
        "script:3:41: key: \"k\": expected a whole number of 64 bits");
    row("what cannot be cancelled", R"({"op":"cancel","id":"bg"})",
        "script:3:16: id: \"bg\" has no cancel function; expected a context that has one");
    row("what has no AfterFunc method", R"({"op":"registered","id":"bg"})",
        "script:3:20: id: \"bg\" has no AfterFunc method; expected a context that has one");
    row("not an error",
        R"({"op":"withTimeoutCause","id":"x","parent":"bg","ms":1,"cause":{"is":"canceled","text":"x"}})",
        "script:3:56: cause: expected an error: {\"text\"}, {\"is\"}, or {\"wrap\",\"text\"}");
    row("not JSON", R"({"op":"now")",
        "script:3:12: op: syntax error while parsing object - unexpected end of input; expected '}'");
}

void tst_oracle::refusesAnInvalidScript() {
    QFETCH(const QByteArray, line);
    QFETCH(const QString, complaint);
    const std::string script = "{\"op\":\"background\",\"id\":\"bg\"}\n# comment\n" + line.toStdString();
    try {
        run(script);
        QFAIL("it was taken");
    } catch (const lab::input_error& e) {
        QCOMPARE(QString::fromStdString(e.what()), complaint);
        QVERIFY(!QString(e.what()).contains('\n'));
    }
}

/// Ids, clock and counter begin anew, and a context of the script before cannot be named.
void tst_oracle::leavesNothingOfAScriptBehind() {
    const std::string script = R"({"op":"script","name":"x"}
{"op":"background","id":"bg"}
{"op":"advance","ms":3}
{"op":"custom","id":"x","kind":"foreign"}
{"op":"withCancel","id":"c","parent":"x"}
{"op":"afterFunc","id":"f","ctx":"x"}
{"op":"watchers"}
{"op":"now"}
)";
    const std::string once = run(script);
    QCOMPARE(run(script + script), once + once);
    QVERIFY_EXCEPTION_THROWN(run(script + R"({"op":"script","name":"y"}
{"op":"err","id":"c"})"),
                             lab::input_error);
}

QTEST_APPLESS_MAIN(tst_oracle)
#include "tst_oracle.moc"
