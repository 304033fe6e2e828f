// SPDX-License-Identifier: MIT
#include "fuzz/entries.h"

#include <QDir>
#include <QFile>
#include <QTest>

/// Everything that a fuzzer began with, and everything that it ever found, still does no harm.
class tst_fuzz_corpus : public QObject {
    Q_OBJECT

  private slots:
    void theCorpusDoesNoHarm_data();
    void theCorpusDoesNoHarm();
};

void tst_fuzz_corpus::theCorpusDoesNoHarm_data() {
    QTest::addColumn<int>("entry");
    for (std::size_t i = 0; i < fuzz::entries.size(); ++i)
        QTest::newRow(fuzz::entries[i].name.data()) << static_cast<int>(i);
}

void tst_fuzz_corpus::theCorpusDoesNoHarm() {
    QFETCH(const int, entry);
    const fuzz::entry& e = fuzz::entries[static_cast<std::size_t>(entry)];
    const QDir folder(QStringLiteral(FUZZ_CORPUS "/") + QLatin1String(e.name.data()));
    const QStringList files = folder.entryList(QDir::Files, QDir::Name);
    QVERIFY2(files.size() >= 5, qPrintable(folder.path() + " holds too little"));
    for (const QString& name : files) {
        QFile file(folder.filePath(name));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        try {
            e.run(file.readAll().toStdString());
        } catch (const std::exception& fault) {
            QFAIL(qPrintable(file.fileName() + ": " + fault.what()));
        }
    }
}

QTEST_APPLESS_MAIN(tst_fuzz_corpus)
#include "tst_fuzz_corpus.moc"
