// SPDX-License-Identifier: MIT
#include "cli/oracle.h"
#include "ctx/rules.h"
#include "lab/input_error.h"
#include "random/generator.h"
#include "random/model.h"
#include "random/pool.h"
#include "random/shrink.h"

#include <QDir>
#include <QFile>

#include <nlohmann/json.hpp>

#include <sstream>

/// Thousands of random scripts: the library prints what a model of the rules predicts, byte for byte.
/// CTXLAB_SEED and CTXLAB_SCRIPTS in the environment choose others, and more of them.
class tst_random_scripts : public QObject {
    Q_OBJECT

  private slots:
    void theModelAgreesWithGo_data();
    void theModelAgreesWithGo();
    void theSameSeedGivesTheSameScript();
    void theLibraryPrintsWhatTheModelPredicts();
    void aBrokenScriptIsRefusedWhereItBreaks();
    void shrinkingFindsTheSmallestScriptThatFails();
};

namespace {

using scripts::script;

std::uint64_t from_environment(const char* name, int otherwise) {
    const QByteArray text = qgetenv(name);
    return text.isEmpty() ? static_cast<std::uint64_t>(otherwise) : text.toULongLong();
}

std::string print(const std::string& text) {
    std::istringstream in(text);
    std::ostringstream out;
    cli::run_oracle(in, "script", out);
    return out.str();
}

/// What the library prints for it; what it complains about if that is all.
std::string found(const script& s, bool as_list = false) {
    try {
        return print(scripts::json(s, as_list));
    } catch (const std::exception& e) {
        return std::string("refused: ") + e.what() + '\n';
    }
}

std::string expected(const script& s) {
    std::string text;
    for (const std::string& line : scripts::predict(s)) text += line + '\n';
    return text;
}

/// The script that shows the difference best, and both outputs.
std::string report(const script& s, std::uint64_t seed) {
    const script small = scripts::shrink(s, [](const script& t) { return found(t) != expected(t); });
    return "seed " + std::to_string(seed) + ": the script\n" + scripts::json(small) + "prints\n" +
           found(small) + "and the model says\n" + expected(small);
}

scripts::op read(const nlohmann::json& o) {
    scripts::op made;
    const auto text = [&](const char* name, std::optional<std::string>& to) {
        if (o.contains(name)) to = o[name].get<std::string>();
    };
    const auto number = [&](const char* name, std::optional<std::int64_t>& to) {
        if (o.contains(name)) to = o[name].get<std::int64_t>();
    };
    const auto error = [&](const char* name, std::optional<scripts::error_text>& to) {
        if (!o.contains(name)) return;
        to.emplace();
        if (o[name].contains("text")) to->text = o[name]["text"].get<std::string>();
        if (o[name].contains("is")) to->is = o[name]["is"].get<std::string>();
        if (o[name].contains("wrap")) to->wrap = o[name]["wrap"].get<std::string>();
    };
    made.name = o["op"].get<std::string>();
    text("id", made.id), text("parent", made.parent), text("kind", made.kind), text("name", made.label);
    text("keyType", made.key_type), text("key", made.key), text("valType", made.val_type);
    text("val", made.val), text("ctx", made.ctx), text("cancels", made.cancels);
    text("a", made.a), text("b", made.b);
    number("at", made.at), number("ms", made.ms);
    error("cause", made.cause), error("err", made.err);
    if (o.contains("ids")) made.ids = o["ids"].get<std::vector<std::string>>();
    return made;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// One op of a valid script made invalid; its number.
std::size_t break_somewhere(script& s, scripts::dice& d) {
    const std::size_t at = 1 + d.below(s.size() - 1);
    scripts::op bad;
    switch (d.below(5)) {
    case 0:
        bad.name = "cancle";
        break;
    case 1:
        bad.name = "err";
        bad.id = "nobody";
        break;
    case 2: // the id of the first context
        bad.name = "todo";
        bad.id = s[1].id;
        break;
    case 3: // a member that `advance` does not know
        bad.name = "advance";
        bad.ms = 1;
        bad.val_type = "string";
        break;
    default:
        bad.name = "stop";
        bad.id = s[1].id;
    }
    if (at == 1) return break_somewhere(s, d);
    s.insert(s.begin() + static_cast<std::ptrdiff_t>(at), bad);
    return at;
}

} // namespace

void tst_random_scripts::theModelAgreesWithGo_data() {
    QTest::addColumn<QString>("file");
    for (const char* folder : {"cases", "corpus"}) {
        const QDir dir(QString(TEST_DATA_DIR "/oracle/") + folder);
        for (const QString& name : dir.entryList({"*.ndjson"}, QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(folder + ("/" + name))) << dir.filePath(name);
    }
}

void tst_random_scripts::theModelAgreesWithGo() {
    QFETCH(const QString, file);
    const QList<QByteArray> go = contents(QString(file).replace(".ndjson", ".out")).split('\n');
    scripts::model model(0);
    qsizetype n = 0;
    for (const QByteArray& line : contents(file).split('\n')) {
        if (line.trimmed().isEmpty() || line.trimmed().startsWith('#')) continue;
        const scripts::op o = read(nlohmann::json::parse(line.toStdString()));
        QCOMPARE(QString::fromStdString(model.run(o)), QString::fromUtf8(go.value(n++)));
    }
    QVERIFY(n > 5);
}

void tst_random_scripts::theSameSeedGivesTheSameScript() {
    QCOMPARE(scripts::json(scripts::generate(42)), scripts::json(scripts::generate(42)));
    QVERIFY(scripts::json(scripts::generate(42)) != scripts::json(scripts::generate(43)));
}

void tst_random_scripts::theLibraryPrintsWhatTheModelPredicts() {
    const std::uint64_t first = from_environment("CTXLAB_SEED", 1);
    const std::uint64_t count = from_environment("CTXLAB_SCRIPTS", scaled(10'000, 20));
    std::size_t ops = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const script s = scripts::generate(seed);
        ops += s.size();
        if (found(s) != expected(s)) QFAIL(report(s, seed).c_str());
        if (seed % 16 == 0) QCOMPARE(found(s, true), expected(s));
    }
    QVERIFY(ops > 20 * count);
}

void tst_random_scripts::aBrokenScriptIsRefusedWhereItBreaks() {
    for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(scaled(300)); ++seed) {
        script s = scripts::generate(seed);
        for (scripts::op& o : s) o.style = 0; // an op a line
        scripts::dice d(seed);
        const std::string lines = [&] {
            script before = s;
            const std::size_t at = break_somewhere(s, d);
            before.resize(at);
            return expected(before) + "script:" + std::to_string(at + 1) + ":";
        }();
        std::istringstream in(scripts::json(s));
        std::ostringstream out;
        try {
            cli::run_oracle(in, "script", out);
            QFAIL(("it was taken:\n" + scripts::json(s)).c_str());
        } catch (const lab::input_error& e) {
            const std::string all = out.str() + e.what();
            QVERIFY2(all.starts_with(lines), (lines + "\nis expected, and found is\n" + all).c_str());
        }
    }
}

/// A pretended fault: a cancel below a deadline is printed wrongly. Three ops are enough to show it.
void tst_random_scripts::shrinkingFindsTheSmallestScriptThatFails() {
    const auto fails = [](const script& s) {
        for (const scripts::op& child : s)
            for (const scripts::op& parent : s)
                if (child.name == "withCancel" && parent.name == "withTimeout" && child.parent == parent.id)
                    return true;
        return false;
    };
    int shrunk = 0;
    for (std::uint64_t seed = 1; shrunk < 5; ++seed) {
        const script s = scripts::generate(seed);
        if (!fails(s)) continue;
        const script small = scripts::shrink(s, fails);
        QVERIFY(fails(small) && scripts::is_unique(small));
        for (std::size_t i = 0; i < small.size(); ++i) { // nothing more can be left out
            script smaller = small;
            smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(i));
            QVERIFY(!fails(smaller) || !scripts::is_unique(smaller));
        }
        ++shrunk;
    }
}

QTEST_APPLESS_MAIN(tst_random_scripts)
#include "tst_random_scripts.moc"
