// SPDX-License-Identifier: MIT
#include "lab/crc32c.h"
#include "lab/input_error.h"
#include "recordings.h"

#include <QTemporaryDir>
#include <QTest>

using recordings::contents;

/// Files that are cut off, changed, of another version, or no recordings at all.
class tst_recording_damage : public QObject {
    Q_OBJECT
  private slots:
    void cutAnywhereItOpensUpToTheCut();
    void everyFlippedBitIsNoticed();
    void whatIsRefusedNamesTheFileAndThePlace_data();
    void whatIsRefusedNamesTheFileAndThePlace();
    void damageNamesItsPlace_data();
    void damageNamesItsPlace();
    void aFileThatCannotBeReadIsRefused_data();
    void aFileThatCannotBeReadIsRefused();
};

namespace {

constexpr std::size_t a_block = 5;

const std::vector<lab::event>& events() {
    static const auto all = recordings::events_of_every_kind(13);
    return all;
}

const std::string& file() {
    static const std::string bytes = recordings::bytes_of(events(), a_block);
    return bytes;
}

std::size_t header_size() {
    return file().find('\n') + 1;
}

/// Opens, or says why not.
std::string opened(const std::string& bytes, contents& out) {
    try {
        out = recordings::read(bytes);
        return {};
    } catch (const lab::input_error& e) {
        return e.what();
    }
}

/// A prefix of what was written, and not a word more.
bool is_prefix(const std::vector<lab::event>& some) {
    return some.size() <= events().size() && std::equal(some.begin(), some.end(), events().begin());
}

std::string blocks_from_the_second() {
    lab::byte_reader first(std::string_view(file()).substr(header_size()));
    return file().substr(header_size() + 8 + first.fixed32());
}

/// With the right checksum.
std::string block(const std::string& payload) {
    lab::byte_writer length, b;
    length.fixed32(static_cast<std::uint32_t>(payload.size()));
    b.raw(length.bytes());
    b.fixed32(lab::crc32c(payload, lab::crc32c(length.bytes())));
    b.raw(payload);
    return b.bytes();
}

} // namespace

void tst_recording_damage::cutAnywhereItOpensUpToTheCut() {
    for (std::size_t cut = 0; cut < file().size(); ++cut) {
        contents c;
        const std::string problem = opened(file().substr(0, cut), c);
        if (cut < header_size()) {
            QVERIFY2(problem.starts_with("input: "), qPrintable(QString::number(cut)));
            continue;
        }
        QVERIFY2(problem.empty(), problem.c_str());
        QVERIFY2(is_prefix(c.events), qPrintable(QString::number(cut)));
        QVERIFY2(c.damage, qPrintable(QString::number(cut)));
        QCOMPARE(c.damage->last_seq, c.events.size());
        QVERIFY(c.damage->byte <= cut);
        // Whole blocks that are still there are read.
        const std::string rest = file().substr(c.damage->byte, cut - c.damage->byte);
        if (rest.size() >= 4) {
            lab::byte_reader r(rest);
            QVERIFY(r.fixed32() + 8 > rest.size());
        }
    }
    contents whole;
    QCOMPARE(opened(file(), whole), std::string());
    QVERIFY(!whole.damage && whole.events == events());
}

void tst_recording_damage::everyFlippedBitIsNoticed() {
    for (std::size_t i = 0; i < file().size() * 8; ++i) {
        std::string bytes = file();
        bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ 1 << i % 8);
        contents c;
        const std::string problem = opened(bytes, c);
        if (!problem.empty()) {
            QVERIFY2(problem.starts_with("input: "), problem.c_str());
            continue;
        }
        const QString place = QString("bit %1 of byte %2").arg(i % 8).arg(i / 8);
        QVERIFY2(c.damage, qPrintable(place));
        QVERIFY2(is_prefix(c.events), qPrintable(place));
        QVERIFY2(c.damage->byte <= i / 8, qPrintable(place));
        QCOMPARE(c.damage->last_seq, c.events.size());
    }
}

void tst_recording_damage::whatIsRefusedNamesTheFileAndThePlace_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("problem"); // its beginning
    const auto row = [](const char* name, const std::string& bytes, const char* problem) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(problem);
    };
    row("empty", "", "input: byte 0: it is cut off");
    row("a scenario", "{\"name\":\"x\"}\n", "input: byte 0: expected a ctxlab recording");
    row("zeros", std::string(100'000, '\0'), "input: byte 0: expected a ctxlab recording");
    row("cut in its header", file().substr(0, 100), "input: byte 100: it is cut off in its header");
    std::string newer = file();
    newer.replace(lab::recording_magic.size(), 1, "2");
    row("a newer version", newer, "input: version: \"2\": expected 1; a newer version of the program may");
    row("no version", std::string(lab::recording_magic) + "x}\n", "input: version: ");
    row("no checksum", std::string(lab::recording_magic) + "1,\"seed\":1}\n",
        "input: byte 0: the header is damaged");
}

void tst_recording_damage::whatIsRefusedNamesTheFileAndThePlace() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, problem);
    contents c;
    const std::string found = opened(bytes.toStdString(), c);
    QVERIFY2(found.starts_with(problem.toStdString()), found.c_str());
}

void tst_recording_damage::damageNamesItsPlace_data() {
    QTest::addColumn<QByteArray>("more"); // behind a header
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char* name, const std::string& more, const char* problem) {
        QTest::newRow(name) << QByteArray::fromStdString(more) << QByteArray(problem);
    };
    const std::string end = block(std::string("\0\0\0\0", 4));
    row("nothing", "", "the recording was not ended");
    row("half a length", "\x01\x02", "it is cut off");
    row("an absurd length", std::string(8, '\xff'), "a block of 4294967295 bytes is not possible");
    row("a length beyond the end", std::string("\xff\xff\xff\x01\0\0\0\0abc", 11), "it is cut off");
    row("an empty block", block(""), "it ends within a record");
    row("an absurd number of events", block(std::string("\x01\xff\xff\xff\x7f\0", 6)),
        "a block of 268435455 events is not possible");
    row("fewer events than it says", block(std::string("\x01\x01\0", 3)),
        "it does not hold as much as it says");
    row("more events than it says", block(std::string("\x01\0\0\x08", 4)),
        "it holds more events than it says");
    row("no such kind", block(std::string("\x01\x01\0\x7f", 4)), "it holds an event of no kind");
    row("no such record", block(std::string("\x01\0\0\x02", 4)), "it holds a record of no kind");
    row("a number of 70 bits", block(std::string(10, '\xff')), "a number has more than 64 bits");
    row("a note that is no JSON", block(std::string("\x01\0\x01\x01\x03{", 6)), "input:1:2: ");
    row("a text that is not there", block(std::string("\x01\0\x01\x01\x06", 5)),
        "it refers to a text that is not there");
    row("a text beyond the end", block(std::string("\x01\0\x01\x01\x7f", 5)),
        "a text is longer than what is left");
    row("a block that is missing", blocks_from_the_second(), "it begins with event 6");
    row("something behind the end", end + end, "something follows the end");
    row("half a block behind the end", end + "x", "something follows the end");
}

void tst_recording_damage::damageNamesItsPlace() {
    QFETCH(QByteArray, more);
    QFETCH(QByteArray, problem);
    contents c;
    QCOMPARE(opened(file().substr(0, header_size()) + more.toStdString(), c), std::string());
    QVERIFY(c.damage);
    QVERIFY2(c.damage->problem.starts_with(problem.toStdString()), c.damage->problem.c_str());
    QCOMPARE(c.damage->last_seq, std::uint64_t(0));
    QVERIFY(c.damage->text("f").starts_with("f: byte " + std::to_string(c.damage->byte) + " (block "));
}

void tst_recording_damage::aFileThatCannotBeReadIsRefused_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("nothing there") << "/no/such/file.ctxlab";
    QTest::newRow("a folder") << "/";
    QTest::newRow("a device without an end") << "/dev/zero";
}

void tst_recording_damage::aFileThatCannotBeReadIsRefused() {
    QFETCH(QString, path);
    try {
        const lab::recording_reader r(std::filesystem::path(path.toStdString()));
        QFAIL("it was accepted");
    } catch (const lab::input_error& e) {
        QVERIFY(std::string(e.what()).starts_with(path.toStdString() + ": "));
    }
}

QTEST_APPLESS_MAIN(tst_recording_damage)
#include "tst_recording_damage.moc"
