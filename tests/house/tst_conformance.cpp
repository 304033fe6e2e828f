// SPDX-License-Identifier: MIT
#include <QDir>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <vector>

/// Every rule has a test, every test of a rule names one that exists, and docs/conformance.md lists them all.
class tst_conformance : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void everyRuleHasARow();
    void everyRowNamesARule();
    void everyTestOfGoHasATwin();
    void noTagStandsTwiceInOneFile();
    void thePageListsExactlyTheseRows();
    void thePageSaysWhatIsBent();

  private:
    struct row {
        QString place; // room/file
        QString tag;
        QStringList rules; // that it is a test of
        QString text;      // the rest of the tag
    };
    std::vector<row> rows_;
    QList<QStringList> rules_;    // number, statement, how it is bent
    QList<QStringList> go_tests_; // name, file
    QString page_;
};

namespace {

const QString again = "; run scripts/conformance";

QString text_of(const QString& path) {
    QFile f(QStringLiteral(SOURCE_DIR "/") + path);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()) : QString();
}

QList<QStringList> table(const QString& path) {
    QList<QStringList> lines;
    for (const QString& line : text_of(path).split('\n', Qt::SkipEmptyParts)) lines << line.split('\t');
    return lines.mid(1);
}

/// The string literals of a C++ source, those that stand side by side joined.
QStringList literals(const QString& source) {
    static const QRegularExpression token(
        R"re(//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'(?:[^'\\\n]|\\.)')re",
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression escape(R"(\\(.))");
    QStringList all;
    qsizetype end = -1;
    auto found = token.globalMatch(source);
    while (found.hasNext()) {
        const QRegularExpressionMatch m = found.next();
        if (!m.hasCaptured(1)) continue;
        const QString content = m.captured(1).replace(escape, "\\1");
        if (end >= 0 && source.mid(end, m.capturedStart() - end).trimmed().isEmpty())
            all.last() += content;
        else
            all << content;
        end = m.capturedEnd();
    }
    return all;
}

/// As the page shows a tag: what the program fills in is left open.
QString shown(QString text) {
    static const QRegularExpression placeholder("%l{0,2}[dsu]");
    return text.replace(placeholder, "…").replace('|', "\\|").replace('<', "&lt;");
}

const QRegularExpression row_of_rules("^((?:CTX|CHN|HTTP)-\\d{3}(?: (?:CTX|CHN|HTTP)-\\d{3})*) (.+)$");
const QRegularExpression row_of_go("^((?:Test|Example)\\w+)(/.+)?$");

} // namespace

void tst_conformance::initTestCase() {
    rules_ = table("tests/data/rules/rules.tsv");
    go_tests_ = table("tests/data/rules/go_tests.tsv");
    page_ = text_of("docs/conformance.md");
    QVERIFY2(rules_.size() > 200 && go_tests_.size() > 40, "tests/data/rules is not complete");
    QVERIFY2(!page_.isEmpty(), qPrintable("no docs/conformance.md" + again));
    const QStringList elsewhere = {"house", "ui", "package", "docs", "data"};
    for (const QString& room : QDir(SOURCE_DIR "/tests").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (elsewhere.contains(room)) continue;
        for (const QString& file : QDir(SOURCE_DIR "/tests/" + room).entryList({"tst_*.cpp"}, QDir::Files)) {
            for (const QString& tag : literals(text_of("tests/" + room + "/" + file))) {
                if (const auto m = row_of_rules.match(tag); m.hasMatch())
                    rows_.push_back({room + "/" + file, tag, m.captured(1).split(' '), m.captured(2)});
                else if (room == "go_port" && row_of_go.match(tag).hasMatch())
                    rows_.push_back({room + "/" + file, tag, {}, tag});
            }
        }
    }
}

void tst_conformance::everyRuleHasARow() {
    QSet<QString> covered;
    for (const row& r : rows_) covered.unite(QSet<QString>(r.rules.begin(), r.rules.end()));
    QStringList missing;
    for (const QStringList& rule : rules_)
        if (!covered.contains(rule[0])) missing << rule[0] + " (" + rule[1] + ")";
    QVERIFY2(missing.isEmpty(), qPrintable("no row of any test begins with: " + missing.join("\n  ")));
}

void tst_conformance::everyRowNamesARule() {
    QSet<QString> known;
    for (const QStringList& rule : rules_) known << rule[0];
    QCOMPARE(known.size(), rules_.size());
    QStringList unknown;
    for (const row& r : rows_)
        for (const QString& rule : r.rules)
            if (!known.contains(rule)) unknown << r.place + ": " + r.tag;
    QVERIFY2(unknown.isEmpty(), qPrintable("not in tests/data/rules/rules.tsv: " + unknown.join("\n  ")));
}

void tst_conformance::everyTestOfGoHasATwin() {
    QSet<QString> twins, known;
    for (const row& r : rows_)
        if (r.rules.isEmpty()) twins << row_of_go.match(r.tag).captured(1);
    for (const QStringList& test : go_tests_) known << test[0];
    QVERIFY2((known - twins).isEmpty(), qPrintable("no twin: " + (known - twins).values().join(' ')));
    QVERIFY2((twins - known).isEmpty(),
             qPrintable("not a test of Go: " + (twins - known).values().join(' ')));
}

/// Two rows of that name could not be told apart on the page.
void tst_conformance::noTagStandsTwiceInOneFile() {
    QSet<QString> seen;
    QStringList twice;
    for (const row& r : rows_) {
        const QString one = r.place + ": " + r.tag;
        if (seen.contains(one)) twice << one;
        seen << one;
    }
    QVERIFY2(twice.isEmpty(), qPrintable(twice.join("\n  ")));
}

void tst_conformance::thePageListsExactlyTheseRows() {
    QSet<QString> expected, listed;
    for (const row& r : rows_) {
        const QString test = "`" + r.place + "` " + shown(r.text);
        for (const QString& rule : r.rules) expected << rule + " | " + test;
        if (r.rules.isEmpty()) expected << row_of_go.match(r.tag).captured(1) + " | " + test;
    }
    QHash<QString, QString> statements;
    for (const QStringList& rule : rules_) statements[rule[0]] = QString(rule[1]).replace('|', "\\|");
    static const QRegularExpression bar("(?<!\\\\)\\|");
    QStringList wrong;
    for (const QString& line : page_.split('\n')) {
        const QStringList cells = line.split(bar);
        if (cells.size() != 6 || !cells[3].contains('`')) continue;
        const QString name = cells[1].trimmed(), statement = cells[2].trimmed();
        const QString one = name + " | " + cells[3].trimmed();
        if (!cells[4].trimmed().startsWith("passed")) wrong << one + ": " + cells[4].trimmed();
        if (statements.contains(name) && !statement.isEmpty() && statements.take(name) != statement)
            wrong << name + " has another statement";
        listed << one;
    }
    for (const QString& one : expected - listed) wrong << "not listed: " + one;
    for (const QString& one : listed - expected) wrong << "no such row: " + one;
    for (const QString& rule : statements.keys()) wrong << "no statement of " + rule;
    wrong.sort();
    QVERIFY2(wrong.isEmpty(),
             qPrintable("docs/conformance.md is not up to date" + again + "\n  " + wrong.join("\n  ")));
}

void tst_conformance::thePageSaysWhatIsBent() {
    static const QRegularExpression bent("^- \\*\\*(\\S+)\\*\\* (.+)$", QRegularExpression::MultilineOption);
    QStringList listed, expected;
    auto found = bent.globalMatch(page_);
    while (found.hasNext()) {
        const auto m = found.next();
        listed << m.captured(1) + " " + m.captured(2);
    }
    for (const QStringList& rule : rules_)
        if (!rule.value(2).isEmpty()) expected << rule[0] + " " + rule[2];
    QCOMPARE(listed, expected);
}

QTEST_APPLESS_MAIN(tst_conformance)
#include "tst_conformance.moc"
