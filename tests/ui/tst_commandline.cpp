// SPDX-License-Identifier: MIT
#include "commandline.h"

#include <QTest>

using Theme = CommandLine::Theme;

class tst_CommandLine : public QObject {
    Q_OBJECT

  private slots:
    void nothingMeansTheDefaults() {
        const auto [options, error] = parseCommandLine({});
        QVERIFY(!error);
        QCOMPARE(options.portOrDefault(), std::uint16_t(8000));
        QVERIFY(options.file.isEmpty() && options.scenario.isEmpty() && options.screenshot.isEmpty());
        QVERIFY(options.theme == Theme::Unset);
    }

    void everyOptionIsRead() {
        const auto [options, error] =
            parseCommandLine({"--scenario", "client-leaves", "--port=0", "--theme", "dark", "--screenshot",
                              "o.png", "--size", "800x600", "--at", "1250"});
        QVERIFY(!error);
        QCOMPARE(options.scenario, "client-leaves");
        QCOMPARE(options.port.value(), std::uint16_t(0));
        QVERIFY(options.theme == Theme::Dark);
        QCOMPARE(options.screenshot, "o.png");
        QCOMPARE(options.size, QSize(800, 600));
        QCOMPARE(options.atMs.value(), 1250.0);
    }

    void whatFollowsTwoDashesIsAFile() {
        const auto [options, error] = parseCommandLine({"--", "--odd.json"});
        QVERIFY(!error);
        QCOMPARE(options.file, "--odd.json");
    }

    void aWrongCallIsNamed_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("names");
        QTest::newRow("unknown option") << QStringList{"--colour"} << "--colour";
        QTest::newRow("port too large") << QStringList{"--port", "65536"} << "--port: \"65536\"";
        QTest::newRow("port not a number") << QStringList{"--port", "http"} << "--port: \"http\"";
        QTest::newRow("port negative") << QStringList{"--port=-1"} << "--port: \"-1\"";
        QTest::newRow("value missing") << QStringList{"--scenario"} << "--scenario: a value is missing";
        QTest::newRow("theme") << QStringList{"--theme", "blue"} << "light, dark or system";
        QTest::newRow("size") << QStringList{"--screenshot", "a.png", "--size", "800"} << "--size: \"800\"";
        QTest::newRow("size tiny") << QStringList{"--screenshot", "a.png", "--size", "1x1"}
                                   << "--size: \"1x1\"";
        QTest::newRow("at") << QStringList{"--screenshot", "a.png", "--at", "soon"} << "--at: \"soon\"";
        QTest::newRow("at negative") << QStringList{"--screenshot", "a.png", "--at=-3"} << "--at: \"-3\"";
        QTest::newRow("at not a number")
            << QStringList{"--screenshot", "a.png", "--at=nan"} << "--at: \"nan\"";
        QTest::newRow("size alone") << QStringList{"--size", "800x600"} << "--size: only with --screenshot";
        QTest::newRow("at alone") << QStringList{"--at", "1"} << "--at: only with --screenshot";
        QTest::newRow("two files") << QStringList{"a.json", "b.json"} << "b.json";
        QTest::newRow("file and scenario") << QStringList{"a.json", "--scenario", "b"} << "not both";
        QTest::newRow("lesson") << QStringList{"--lesson", "first"} << "no lessons yet";
        QTest::newRow("empty file") << QStringList{""} << "a scenario file";
    }

    void aWrongCallIsNamed() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        const auto parsed = parseCommandLine(arguments);
        QVERIFY(parsed.error);
        QVERIFY2(parsed.error->message.contains(names), qPrintable(parsed.error->message));
        QVERIFY(!parsed.error->message.contains(QLatin1Char('\n')));
    }
};

QTEST_APPLESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
