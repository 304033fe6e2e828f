// SPDX-License-Identifier: MIT
#include "lab/scenario.h"

#include <QTest>

#include <string>

namespace {

/// What parse_scenario says about a text; empty if it takes it.
std::string complaint_about(const std::string& text) {
    try {
        lab::parse_scenario(text, "f.json");
        return {};
    } catch (const lab::input_error& e) {
        return e.what();
    }
}

/// A scenario of one command a line, from line 3 on.
std::string with_commands(std::initializer_list<std::string> lines) {
    std::string text = "{\n\"commands\": [\n";
    for (const std::string& line : lines) text += (text.ends_with("[\n") ? "" : ",\n") + line;
    return text + "\n]}";
}

std::string one_command(const std::string& members) {
    return with_commands({R"({"at_ms": 0, )" + members + "}"});
}

} // namespace

/// Whatever is wrong with a scenario is refused before anything runs, with the place and what was expected.
class tst_scenario_errors : public QObject {
    Q_OBJECT
  private slots:
    void textThatIsNotJson_data();
    void textThatIsNotJson();
    void membersOfTheFile_data();
    void membersOfTheFile();
    void contexts_data();
    void contexts();
    void workers_data();
    void workers();
    void requestsAndClocks_data();
    void requestsAndClocks();
    void links_data();
    void links();
    void bombs_data();
    void bombs();
    void columnsCountCharacters();
    void aByteOrderMarkIsAllowed();
    void tooMuchIsRefused();

  private:
    static void columns();
    static void refused();
};

void tst_scenario_errors::columns() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
}

void tst_scenario_errors::refused() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, error);
    QCOMPARE(QByteArray::fromStdString(complaint_about(text.toStdString())), error);
}

void tst_scenario_errors::textThatIsNotJson_data() {
    columns();
    const auto row = [](const char* name, const QByteArray& text, const char* error) {
        QTest::newRow(name) << text << QByteArray(error);
    };
    row("empty", "",
        "f.json:1:1: syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
        "literal");
    row("cut off", "{\"commands\": [\n  {\"at_ms\": 0,",
        "f.json:2:15: commands[0].at_ms: syntax error while parsing object key - unexpected end of input; "
        "expected string literal");
    row("cut off in a text", "{\"name\": \"abc",
        "f.json:1:14: name: syntax error while parsing value - invalid string: missing "
        "closing quote");
    row("not json", "commands: []", "f.json:1:1: syntax error while parsing value - invalid literal");
    row("something behind", "{\"commands\": []} x",
        "f.json:1:18: syntax error while parsing value - invalid literal; expected end of "
        "input");
    row("no comma", "{\"name\": \"a\"\n\"seed\": 1}",
        "f.json:2:6: name: syntax error while parsing object - unexpected string literal; expected '}'");
    row("no text", "{\"name\": \"\xff\"}",
        "f.json:1:11: name: syntax error while parsing value - invalid string: ill-formed UTF-8 byte");
    row("half a character", "{\"name\": \"\\ud800\"}",
        "f.json:1:17: name: syntax error while parsing value - invalid string: surrogate U+D800..U+DBFF must "
        "be followed by "
        "U+DC00..U+DFFF");
    row("not a number", "{\"seed\": NaN}",
        "f.json:1:10: seed: syntax error while parsing value - invalid literal");
    row("a number too large", "{\"seed\": 1e999}", "f.json:1:14: seed: number overflow parsing '1e999'");
    row("a comment", "{ // no\n}",
        "f.json:1:3: syntax error while parsing object key - invalid literal; "
        "expected string literal");
    row("twice", "{\"seed\": 1,\n \"name\": \"a\", \"seed\": 2}",
        "f.json:2:15: seed: this member is there twice; expected it once");
    row("twice inside", "{\"commands\": [{\"at_ms\": 0, \"do\": \"sweep\", \"do\": \"sweep\"}]}",
        "f.json:1:43: commands[0].do: this member is there twice; expected it once");
    row("a list", "[]", "f.json:1:1: a list: expected an object");
    row("null", " null", "f.json:1:2: null: expected an object");
}

void tst_scenario_errors::textThatIsNotJson() {
    refused();
}

void tst_scenario_errors::membersOfTheFile_data() {
    columns();
    const auto whole = [](const char* name, const char* text, const char* error) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(error);
    };
    whole("no commands", "{}", "f.json:1:1: missing member \"commands\": expected a list of commands");
    whole("commands are no list", "{\"commands\": {}}",
          "f.json:1:2: commands: an object: expected a list of commands");
    whole("unknown member", "{\"commands\": [],\n  \"sede\": 1}",
          "f.json:2:3: sede: unknown member: expected one of $schema, name, title, description, seed, "
          "commands; did you mean seed?");
    whole("a name that is none", "{\"name\": 5, \"commands\": []}", "f.json:1:2: name: 5: expected a text");
    whole("an empty name", "{\"name\": \"\", \"commands\": []}",
          "f.json:1:2: name: \"\": expected a text that is not empty");
    whole("half a seed", "{\"commands\": [], \"seed\": 1.5}",
          "f.json:1:18: seed: 1.5: expected a whole number of 64 bits");
    whole("a huge seed", "{\"commands\": [], \"seed\": 9223372036854775808}",
          "f.json:1:18: seed: 9223372036854775808: expected a whole number of 64 bits");
    whole("a command that is none", "{\"commands\": [\n 7]}",
          "f.json:2:2: commands[0]: 7: expected an object");
    whole("no time", "{\"commands\": [\n  {\"do\": \"sweep\"}]}",
          "f.json:2:3: commands[0]: missing member \"at_ms\": expected a number of milliseconds");
    whole("a time before the start", "{\"commands\": [\n  {\"do\": \"sweep\", \"at_ms\": -1}]}",
          "f.json:2:19: commands[0].at_ms: -1: expected milliseconds, 0 to 864000000");
    whole("a huge time", "{\"commands\": [\n  {\"do\": \"sweep\", \"at_ms\": 1e300}]}",
          "f.json:2:19: commands[0].at_ms: 1e+300: expected milliseconds, 0 to 864000000");
    whole("a time that is a text", "{\"commands\": [\n  {\"do\": \"sweep\", \"at_ms\": \"5\"}]}",
          "f.json:2:19: commands[0].at_ms: \"5\": expected milliseconds, 0 to 864000000");
}

void tst_scenario_errors::membersOfTheFile() {
    refused();
}

void tst_scenario_errors::contexts_data() {
    columns();
    const auto command = [](const char* name, const char* members, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(one_command(members)) << QByteArray(error);
    };
    command("nothing to do", "\"id\": \"a\"",
            "f.json:3:1: commands[0]: missing member \"do\": expected one of context, worker, request, "
            "value, cancel, sweep, clock");
    command("unknown command", "\"do\": \"wroker\"",
            "f.json:3:14: commands[0].do: \"wroker\": expected one of context, worker, request, value, "
            "cancel, sweep, clock; "
            "did you mean worker?");
    command("unknown kind of context", "\"do\": \"context\", \"kind\": \"with_tiemout\", \"timeout\": \"1s\"",
            "f.json:3:31: commands[0].kind: \"with_tiemout\": expected one of with_cancel, "
            "with_cancel_cause, with_deadline, "
            "with_deadline_cause, with_timeout, with_timeout_cause, with_value, without_cancel, after_func; "
            "did you mean "
            "with_timeout?");
    command("a root cannot be made", "\"do\": \"context\", \"kind\": \"background\"",
            "f.json:3:31: commands[0].kind: \"background\": expected one of with_cancel, with_cancel_cause, "
            "with_deadline, "
            "with_deadline_cause, with_timeout, with_timeout_cause, with_value, without_cancel, after_func");
    command("no kind", "\"do\": \"context\"",
            "f.json:3:1: commands[0]: missing member \"kind\": expected the kind of a context");
    command("no timeout", "\"do\": \"context\", \"kind\": \"with_timeout\"",
            "f.json:3:1: commands[0]: missing member \"timeout\": expected a duration such as \"2s\"");
    command("a timeout without a unit", "\"do\": \"context\", \"kind\": \"with_timeout\", \"timeout\": \"2\"",
            "f.json:3:55: commands[0].timeout: \"2\": expected a duration such as \"1.5s\", \"300ms\" or "
            "\"1h30m\"");
    command(
        "a timeout that is a number", "\"do\": \"context\", \"kind\": \"with_timeout\", \"timeout\": 2",
        "f.json:3:55: commands[0].timeout: 2: expected a duration such as \"1.5s\", \"300ms\" or \"1h30m\"");
    command("a timeout where none is taken",
            "\"do\": \"context\", \"kind\": \"with_cancel\", \"timeout\": \"2s\"",
            "f.json:3:54: commands[0].timeout: kind with_cancel takes none");
    command("two deadlines",
            "\"do\": \"context\", \"kind\": \"with_deadline\", \"timeout\": \"2s\", \"deadline_ms\": 5",
            "f.json:3:73: commands[0].deadline_ms: there is a timeout as well: expected one of the two");
    command(
        "no deadline", "\"do\": \"context\", \"kind\": \"with_deadline\"",
        "f.json:3:1: commands[0]: missing member \"deadline_ms\": expected laboratory time in milliseconds");
    command("a cause where none is taken", "\"do\": \"context\", \"kind\": \"with_cancel\", \"cause\": \"x\"",
            "f.json:3:54: commands[0].cause: kind with_cancel takes none");
    command("a cause too early", "\"do\": \"context\", \"kind\": \"with_cancel_cause\", \"cause\": \"x\"",
            "f.json:3:60: commands[0].cause: kind with_cancel_cause takes its cause when it is cancelled, "
            "not when it is made");
    command("no value", "\"do\": \"context\", \"kind\": \"with_value\", \"key\": \"x\"",
            "f.json:3:1: commands[0]: missing member \"value\": expected a text");
    command("something to cancel for the wrong kind",
            "\"do\": \"context\", \"kind\": \"with_cancel\", \"cancels\": \"x\"",
            "f.json:3:54: commands[0].cancels: kind with_cancel takes none");
    command("unknown member of a context",
            "\"do\": \"context\", \"kind\": \"with_cancel\", \"parnet\": \"root\"",
            "f.json:3:54: commands[0].parnet: unknown member: expected one of do, at_ms, id, kind, name, "
            "parent; did you mean parent?");
    command("an odd member", "\"do\": \"sweep\", \"a b\\n\": 1",
            "f.json:3:29: commands[0][\"a b\\n\"]: unknown member: expected one of do, at_ms");
}

void tst_scenario_errors::contexts() {
    refused();
}

void tst_scenario_errors::workers_data() {
    columns();
    const auto command = [](const char* name, const char* members, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(one_command(members)) << QByteArray(error);
    };
    command("unknown kind of worker", "\"do\": \"worker\", \"kind\": \"cup\"",
            "f.json:3:30: commands[0].kind: \"cup\": expected one of wait, poller, work, operation, "
            "stubborn, cpu, producer, "
            "consumer, pipeline, fanout; did you mean cpu?");
    command("a field of another kind", "\"do\": \"worker\", \"kind\": \"wait\", \"every\": \"1s\"",
            "f.json:3:46: commands[0].every: a worker of kind wait takes none");
    command("a negative duration", "\"do\": \"worker\", \"kind\": \"work\", \"for\": \"-1s\"",
            "f.json:3:46: commands[0].for: negative: expected a duration from 0s");
    command("no interval", "\"do\": \"worker\", \"kind\": \"poller\", \"every\": \"0s\"",
            "f.json:3:48: commands[0].every: \"0s\": expected more than 0s, and at most 24h0m0s");
    command("too many", "\"do\": \"worker\", \"kind\": \"fanout\", \"n\": 100000",
            "f.json:3:48: commands[0].n: 100000: expected a whole number from 1 to 1000");
    command("the failing one is none of them",
            "\"do\": \"worker\", \"kind\": \"fanout\", \"n\": 2, \"fail_index\": 2",
            "f.json:3:56: commands[0].fail_index: 2: expected -1 to 1, because n is 2");
}

void tst_scenario_errors::workers() {
    refused();
}

void tst_scenario_errors::requestsAndClocks_data() {
    columns();
    const auto command = [](const char* name, const char* members, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(one_command(members)) << QByteArray(error);
    };
    command("no path", "\"do\": \"request\"",
            "f.json:3:1: commands[0]: missing member \"path\": expected a path such as \"/process?work=2s\"");
    command("a URL", "\"do\": \"request\", \"path\": \"http://example.com/\"",
            "f.json:3:31: commands[0].path: \"http://example.com/\": expected a path such as "
            "\"/process?work=2s\"");
    command(
        "a second line in the path", "\"do\": \"request\", \"path\": \"/a\\r\\nHost: b\"",
        "f.json:3:31: commands[0].path: \"/a\\r\\nHost: b\": expected a path such as \"/process?work=2s\"");
    command("an odd method", "\"do\": \"request\", \"path\": \"/\", \"method\": \"get\"",
            "f.json:3:44: commands[0].method: \"get\": expected one of GET, HEAD, POST, PUT, DELETE, PATCH, "
            "OPTIONS");
    command("no requests", "\"do\": \"request\", \"path\": \"/\", \"count\": 0",
            "f.json:3:44: commands[0].count: 0: expected a whole number from 1 to 1000");
    command("a client without time", "\"do\": \"request\", \"path\": \"/\", \"timeout\": \"0s\"",
            "f.json:3:44: commands[0].timeout: expected a duration of more than 0s");
    command("unknown clock action", "\"do\": \"clock\", \"action\": \"step\"",
            "f.json:3:29: commands[0].action: \"step\": expected one of run, pause, set_speed");
    command("no speed", "\"do\": \"clock\", \"action\": \"set_speed\"",
            "f.json:3:1: commands[0]: missing member \"speed\": expected a number from 0.0625 to 16");
    command("too fast", "\"do\": \"clock\", \"action\": \"set_speed\", \"speed\": 17",
            "f.json:3:52: commands[0].speed: 17: expected a number from 0.0625 to 16");
    command("a speed for a pause", "\"do\": \"clock\", \"action\": \"pause\", \"speed\": 2",
            "f.json:3:48: commands[0].speed: action pause takes none");
}

void tst_scenario_errors::requestsAndClocks() {
    refused();
}

void tst_scenario_errors::links_data() {
    columns();
    const auto row = [](const char* name, std::initializer_list<std::string> lines, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(with_commands(lines)) << QByteArray(error);
    };
    const std::string a = R"({"at_ms": 0, "do": "context", "id": "a", "kind": "with_cancel"})";
    const std::string v =
        R"({"at_ms": 0, "do": "context", "id": "v", "kind": "with_value", "key": "k", "value": "x"})";
    const std::string f = R"({"at_ms": 0, "do": "context", "id": "f", "parent": "a", "kind": "after_func"})";
    const std::string w = R"({"at_ms": 0, "do": "worker", "id": "w", "kind": "wait"})";
    row("root is taken", {R"({"at_ms": 0, "do": "context", "id": "root", "kind": "with_cancel"})"},
        "f.json:3:31: commands[0].id: \"root\": this is the laboratory's Background: expected another word");
    row("an id is used twice", {a, w, R"({"at_ms": 0, "do": "worker", "id": "a", "kind": "wait"})"},
        "f.json:5:30: commands[2].id: \"a\": taken by commands[0]: expected another word");
    row("unknown parent", {a, R"({"at_ms": 0, "do": "context", "parent": "rot", "kind": "with_cancel"})"},
        "f.json:4:31: commands[1].parent: \"rot\": no context has this id: expected one of root, a; did you "
        "mean root?");
    row("unknown context of a worker",
        {a, R"({"at_ms": 0, "do": "worker", "context": "zzz", "kind": "wait"})"},
        "f.json:4:30: commands[1].context: \"zzz\": no context has this id: expected one of root, a");
    row("a worker is no context", {w, R"({"at_ms": 1, "do": "cancel", "context": "w"})"},
        "f.json:4:30: commands[1].context: \"w\": this is a worker: expected the id of a context");
    row("its own parent",
        {R"({"at_ms": 0, "do": "context", "id": "a", "parent": "a", "kind": "with_cancel"})"},
        "f.json:3:42: commands[0].parent: \"a\": this is the context itself: expected one made before it");
    row("a parent made later in the file",
        {R"({"at_ms": 0, "do": "context", "parent": "a", "kind": "with_cancel"})", a},
        "f.json:3:31: commands[0].parent: \"a\": commands[1] makes it, after this command runs: expected a "
        "context made before");
    row("a parent made later in time",
        {R"({"at_ms": 9, "do": "context", "id": "late", "kind": "with_cancel"})",
         R"({"at_ms": 8, "do": "cancel", "context": "late"})"},
        "f.json:4:30: commands[1].context: \"late\": commands[0] makes it, after this command runs: expected "
        "a context made before");
    row("a circle",
        {R"({"at_ms": 0, "do": "context", "id": "x", "parent": "y", "kind": "with_cancel"})",
         R"({"at_ms": 0, "do": "context", "id": "y", "parent": "x", "kind": "with_cancel"})"},
        "f.json:3:42: commands[0].parent: \"y\": commands[1] makes it, after this command runs: expected a "
        "context made before");
    row("root cannot be cancelled", {R"({"at_ms": 0, "do": "cancel", "context": "root"})"},
        "f.json:3:30: commands[0].context: \"root\": its kind background has no cancel function: expected a "
        "context that has one");
    row("a value cannot be cancelled", {v, R"({"at_ms": 0, "do": "cancel", "context": "v"})"},
        "f.json:4:30: commands[1].context: \"v\": its kind with_value has no cancel function: expected a "
        "context that has one");
    row("a cause for a kind that takes none",
        {a, R"({"at_ms": 0, "do": "cancel", "context": "a", "cause": "x"})"},
        "f.json:4:46: commands[1].cause: \"a\" is of kind with_cancel, which takes none: expected a context "
        "of kind "
        "with_cancel_cause");
    row("a registration is no context",
        {a, f, R"({"at_ms": 0, "do": "worker", "context": "f", "kind": "wait"})"},
        "f.json:5:30: commands[2].context: \"f\": a registration with after_func is no context: expected the "
        "id of a context");
    row("nothing to cancel",
        {a, R"({"at_ms": 0, "do": "context", "parent": "a", "kind": "after_func", "cancels": "b"})"},
        "f.json:4:68: commands[1].cancels: \"b\": no context has this id: expected one of root, a");
}

void tst_scenario_errors::links() {
    refused();
}

void tst_scenario_errors::bombs_data() {
    columns();
    const int size = 4 << 20;
    QTest::newRow("lists in lists")
        << QByteArray(size, '[')
        << QByteArray(
               "f.json:1:17: [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested deeper than 16 levels");
    QTest::newRow("objects in objects")
        << QByteArray("{\"a\":").repeated(size / 5)
        << QByteArray("f.json:1:81: a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: nested deeper than 16 levels");
    QByteArray members = "{";
    for (int i = 0; i < 100'000; ++i) members += "\"m" + QByteArray::number(i) + "\":0,";
    QTest::newRow("a crowd of members")
        << members << QByteArray("f.json:1:504: m64: more than 64 members in one object");
    QTest::newRow("one long token")
        << QByteArray("{\"seed\": \"") + QByteArray(size - 100, 'x') + '\x01'
        << QByteArray("f.json:1:4194215: seed: syntax error while parsing value - invalid string: control "
                      "character U+0001 (SOH) must be escaped to \\u0001");
}

void tst_scenario_errors::bombs() {
    refused();
}

void tst_scenario_errors::columnsCountCharacters() {
    QCOMPARE(
        complaint_about("{\"title\": \"\u00e4\u00f6\u20ac\", \"sed\": 1, \"commands\": []}").substr(0, 12),
        std::string("f.json:1:18:"));
}

void tst_scenario_errors::aByteOrderMarkIsAllowed() {
    QCOMPARE(complaint_about("\xef\xbb\xbf{\"commands\": []}"), std::string());
    QCOMPARE(complaint_about("\xef\xbb\xbf{\"commands\": 1}"),
             std::string("f.json:1:2: commands: 1: expected a list of commands"));
}

void tst_scenario_errors::tooMuchIsRefused() {
    const auto repeated = [](int n) {
        std::string text = "{\"commands\": [";
        for (int i = 0; i < n; ++i) text += (i == 0 ? "" : ",") + std::string(R"({"at_ms":0,"do":"sweep"})");
        return text + "]}";
    };
    QCOMPARE(complaint_about(repeated(10'000)), std::string());
    QCOMPARE(complaint_about(repeated(10'001)),
             std::string("f.json:1:2: commands: 10001 commands: expected at most 10000"));
    QCOMPARE(complaint_about(std::string((4 << 20) + 1, ' ')),
             std::string("f.json: 4194305 bytes: expected at most 4 MiB"));
    const std::string long_name =
        one_command(R"("do": "context", "kind": "with_cancel", "name": ")" + std::string(201, 'x') + '"');
    QCOMPARE(complaint_about(long_name),
             std::string("f.json:3:54: commands[0].name: 201 bytes of text: expected at most 200"));
}

QTEST_APPLESS_MAIN(tst_scenario_errors)
#include "tst_scenario_errors.moc"
