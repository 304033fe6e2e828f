// SPDX-License-Identifier: MIT
#include "documents.h"
#include "exports.h"
#include "mainwindow.h"
#include "notices.h"

#include "lab/event_json.h"
#include "lab/recording_file.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <memory>
#include <optional>

using namespace std::chrono_literals;
using Format = Exports::Format;

/// What is shown, written for other programs.
class tst_Exports : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_dir.emplace();
        m_laboratory = std::make_unique<lab::laboratory>(
            lab::options{.running = false,
                         .as_fast_as_possible = true,
                         .with = std::make_shared<lab::scenario>(lab::find_scenario("leak"))});
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_window = std::make_unique<MainWindow>(*m_session, MainWindow::Memory::Forget);
        m_laboratory->call(lab::change_clock{.action = lab::clock_action::advance, .by = 5s}, "you");
        m_laboratory->call(lab::new_context{.name = "by hand"}, "you");
        m_session->drain();
    }

    void cleanup() {
        m_window.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    void eventsAreOneALine() {
        const QList<QByteArray> lines = write(Format::Ndjson, "run.ndjson").split('\n');
        const auto events = m_laboratory->log().read(0);
        QCOMPARE(std::size_t(lines.size()), events.size() + 1); // the last one ends, too
        for (std::size_t i = 0; i < events.size(); ++i)
            QCOMPARE(lines[qsizetype(i)], QByteArray::fromStdString(lab::to_line(events[i])));
    }

    void onlyTheLifeThatIsShownIsWritten() {
        const std::uint64_t first = m_laboratory->log().last_seq();
        m_laboratory->call(lab::reset_lab{}, "you");
        m_session->drain();
        QVERIFY(!write(Format::Ndjson, "second.ndjson").contains("by hand"));
        m_session->showMoment(first);
        QVERIFY(write(Format::Ndjson, "first.ndjson").contains("by hand"));
    }

    void aTraceHasTracksForContextsAndWorkers() {
        QJsonParseError error;
        const QJsonDocument j = QJsonDocument::fromJson(write(Format::Perfetto, "run.json"), &error);
        QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
        QVERIFY(j.object().value("traceEvents").toArray().size() > 20);
    }

    void picturesShowTheMomentThatIsShown() {
        QImage now = QImage::fromData(write(Format::TreePng, "tree.png"), "PNG");
        QVERIFY(!now.isNull());
        QVERIFY(write(Format::TreeSvg, "tree.svg").contains("by hand"));
        QVERIFY(QImage::fromData(write(Format::TimelinePng, "timeline.png"), "PNG").width() >= 2000);
        m_session->showMoment(2);
        const QByteArray svg = write(Format::TreeSvg, "before.svg");
        QVERIFY(svg.contains("Background") && !svg.contains("by hand"));
        QXmlStreamReader xml(svg);
        while (!xml.atEnd()) xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(QImage::fromData(write(Format::TreePng, "before.png"), "PNG").size() != now.size());
        QVERIFY(write(Format::TimelineSvg, "timeline.svg").contains("<text"));
    }

    void aProgramHasWhatPeopleDid() {
        const QByteArray go = write(Format::Go, "main.go");
        QVERIFY(go.contains("package main") && go.contains("by hand"));
        QVERIFY(write(Format::Cpp, "main.cpp").contains("by hand"));
    }

    void aProgramThatCannotBeWrittenSaysWhy() {
        m_laboratory->call(
            lab::reset_lab{.with = std::make_shared<lab::scenario>(lab::find_scenario("client-leaves"))},
            "you");
        m_session->drain();
        refuse(Format::Cpp, path("main.cpp"), "ctx alone has no HTTP");
        QVERIFY(!QFile::exists(path("main.cpp")));
    }

    void aRecordingIsExportedLikeTheRunThatItIs() {
        const QByteArray live = write(Format::Ndjson, "live.ndjson"), program = write(Format::Go, "live.go");
        QSignalSpy saved(&m_window->documents(), &Documents::done);
        m_window->documents().save(path("run.ctxlab"));
        QTRY_COMPARE(saved.size(), 1);
        m_laboratory->call(lab::reset_lab{}, "you");
        m_window->documents().open(path("run.ctxlab"));
        QTRY_VERIFY(m_session->recorded());
        QCOMPARE(write(Format::Ndjson, "recorded.ndjson"), live);
        QCOMPARE(write(Format::Go, "recorded.go"), program);
        QVERIFY(write(Format::TreeSvg, "recorded.svg").contains("by hand"));
    }

    void aFileThatCannotBeWrittenIsNamed_data() {
        QTest::addColumn<Format>("format");
        for (const Format f :
             {Format::Ndjson, Format::Perfetto, Format::TreePng, Format::TimelineSvg, Format::Go})
            QTest::addRow("%d", int(f)) << f;
    }

    void aFileThatCannotBeWrittenIsNamed() {
        QFETCH(Format, format);
        refuse(format, "/no/such/folder/file", "/no/such/folder/file: cannot be written");
    }

    void aFailedExportLeavesTheFileThatWasThere() {
        QFile old(path("main.cpp"));
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("mine") == 4);
        old.close();
        m_laboratory->call(
            lab::reset_lab{.with = std::make_shared<lab::scenario>(lab::find_scenario("client-leaves"))},
            "you");
        m_session->drain();
        refuse(Format::Cpp, old.fileName(), "ctx alone has no HTTP");
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("mine"));
    }

    void theMenuHasThemAll() {
        auto* menu = m_window->findChild<QMenu*>("exports");
        QVERIFY(menu);
        int entries = 0;
        for (const QAction* action : menu->actions()) entries += !action->isSeparator();
        QCOMPARE(entries, 9); // and the whole window
    }

  private:
    QString path(const QString& name) const { return m_dir->filePath(name); }

    QByteArray write(Format format, const QString& name) {
        QSignalSpy finished(&m_window->exports(), &Exports::finished);
        m_window->exports().write(format, path(name));
        if (!QTest::qWaitFor([&] { return finished.size() == 1; }, 20'000)) qFatal("it did not end");
        if (!finished[0][0].toBool()) {
            qWarning("%s", qPrintable(m_window->notices().bars().back()->text()));
            return {};
        }
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    void refuse(Format format, const QString& file, const QString& why) {
        QSignalSpy finished(&m_window->exports(), &Exports::finished);
        m_window->exports().write(format, file);
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!finished[0][0].toBool());
        QCOMPARE(m_window->notices().bars().size(), 1);
        const QString said = m_window->notices().bars().front()->text();
        QVERIFY2(said.contains(why), qPrintable(said));
        QVERIFY(QDir(m_dir->path()).entryList({"*.part-*"}).isEmpty());
    }

    std::optional<QTemporaryDir> m_dir;
    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(tst_Exports)
#include "tst_exports.moc"
