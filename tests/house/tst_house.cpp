// SPDX-License-Identifier: MIT
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// What the architecture promises about the files themselves.
class tst_house : public QObject {
    Q_OBJECT
  private slots:
    void aRoomIncludesOnlyRoomsBelowIt_data();
    void aRoomIncludesOnlyRoomsBelowIt();
    void everySourceFileCarriesTheLicence();
    void thePublicHeadersOfCtxOpenWithAnExample();
};

namespace {

QStringList sources(const QString& folder) {
    QStringList files;
    QDirIterator it(QStringLiteral(SOURCE_DIR "/") + folder, {"*.h", "*.cpp"}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext()) files << it.next();
    files.sort();
    return files;
}

QString text(const QString& file) {
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()) : QString();
}

} // namespace

void tst_house::aRoomIncludesOnlyRoomsBelowIt_data() {
    QTest::addColumn<QString>("room");
    QTest::addColumn<QString>("forbidden"); // a regular expression over what stands between the quotes or brackets
    const QString qt = QStringLiteral("^(Q[A-Z]|Qt[A-Z])");
    QTest::newRow("ctx") << "src/ctx" << qt + "|^(lab|net|cli|ui)/|^nlohmann|^httplib";
    QTest::newRow("lab") << "src/lab" << qt + "|^(net|cli|ui)/|^httplib";
    QTest::newRow("net") << "src/net" << qt + "|^(cli|ui)/";
    QTest::newRow("cli") << "src/cli" << qt + "|^ui/|^httplib";
    QTest::newRow("ui") << "ui" << "^ctx/(?!error|clock)|^cli/|^httplib|^bridge/";
    QTest::newRow("ui/bridge") << "ui/bridge" << "^(lab|net|cli)/|^httplib|^nlohmann|^QWidget";
}

void tst_house::aRoomIncludesOnlyRoomsBelowIt() {
    QFETCH(QString, room);
    QFETCH(QString, forbidden);
    const QRegularExpression include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]", QRegularExpression::MultilineOption);
    const QRegularExpression bad(forbidden);
    const QStringList files = sources(room);
    QVERIFY2(!files.isEmpty(), qPrintable(room + " holds no sources"));
    for (const QString& file : files) {
        if (room == "ui" && file.contains("/ui/bridge/")) continue; // a library beside the window
        auto found = include.globalMatch(text(file));
        while (found.hasNext()) {
            const QString what = found.next().captured(1);
            QVERIFY2(!bad.match(what).hasMatch(), qPrintable(file + " includes " + what));
        }
    }
}

void tst_house::everySourceFileCarriesTheLicence() {
    for (const QString& folder : {QString("src"), QString("ui"), QString("tests")})
        for (const QString& file : sources(folder))
            QVERIFY2(text(file).startsWith("// SPDX-License-Identifier: MIT\n"), qPrintable(file));
}

void tst_house::thePublicHeadersOfCtxOpenWithAnExample() {
    for (const QString& file : sources("src/ctx")) {
        if (!file.endsWith(".h") || file.contains("/detail/") || file.endsWith("/ctx.h")) continue;
        const QString head = text(file);
        QVERIFY2(head.contains(QRegularExpression("\n///     \\S")), qPrintable(file + " has no worked example"));
        QVERIFY2(head.contains("Thread safety") || head.contains("called from many threads"),
                 qPrintable(file + " says nothing of thread safety"));
    }
}

QTEST_APPLESS_MAIN(tst_house)
#include "tst_house.moc"
