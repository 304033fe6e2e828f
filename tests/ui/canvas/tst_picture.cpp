// SPDX-License-Identifier: MIT
#include "canvas/picture.h"
#include "pictures.h"

#include <QApplication>
#include <QBuffer>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <QTest>
#include <QXmlStreamReader>

#include <thread>

namespace {

struct Written {
    QByteArray bytes;
    WrittenPicture said;
    QImage image() const { return QImage::fromData(bytes, "PNG"); }
};

Written written(WrittenPicture (*write)(const WholePicture&, QIODevice&), const WholePicture& picture) {
    Written w;
    QBuffer buffer(&w.bytes);
    buffer.open(QIODevice::WriteOnly);
    w.said = write(picture, buffer);
    return w;
}

/// All that stands between <text> and </text>; fails if it is no XML.
QStringList textsOf(const QByteArray& svg) {
    QStringList texts;
    QXmlStreamReader xml(svg);
    while (!xml.atEnd())
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"text")
            texts += xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
    if (xml.hasError()) qWarning("%s", qPrintable(xml.errorString()));
    return xml.hasError() ? QStringList() : texts;
}

/// Where a person can look at it, if CTXLAB_PICTURES says so.
void show(const QString& name, const QByteArray& bytes) {
    const QString folder = qEnvironmentVariable("CTXLAB_PICTURES");
    QFile file(QDir(folder).filePath(name));
    if (!folder.isEmpty() && file.open(QIODevice::WriteOnly)) file.write(bytes);
}

void showDrawn(const QString& name, const QByteArray& svg) {
    QSvgRenderer renderer(svg);
    QImage image(renderer.viewBox().size(), QImage::Format_RGB32);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    QByteArray png;
    QBuffer buffer(&png);
    image.save(&buffer, "PNG");
    show(name, png);
}

} // namespace

class tst_picture : public QObject {
    Q_OBJECT
  private slots:
    void aPngIsTwiceAsLargeAsOnScreen_data() { themes(); }
    void aPngIsTwiceAsLargeAsOnScreen();
    void anSvgHasTheNamesAsText_data() { themes(); }
    void anSvgHasTheNamesAsText();
    void aPngThatWouldBeTooLargeIsScaledDownAndSaysSo();
    void whatNoPngCanShowIsRefused();
    void anSvgThatNobodyCouldOpenIsRefused();
    void anEmptyLaboratoryHasAPicture();
    void itIsTheSameOnAnotherThread();

  private:
    static void themes() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }
    static void setDark(bool on) {
        ThemeManager::instance().setMode(on ? ThemeManager::Mode::Dark : ThemeManager::Mode::Light);
    }
};

void tst_picture::aPngIsTwiceAsLargeAsOnScreen() {
    QFETCH(bool, dark);
    setDark(dark);
    const pictures::Story s = pictures::server();
    const WholePicture tree = WholePicture::ofTree(s.state, "A report that nobody waits for");
    const WholePicture timeline = WholePicture::ofTimeline(s.state, "A report that nobody waits for");
    for (const WholePicture* p : {&tree, &timeline}) {
        const Written w = written(writePng, *p);
        show(QStringLiteral("%1-%2.png").arg(p == &tree ? "tree" : "timeline", dark ? "dark" : "light"),
             w.bytes);
        QCOMPARE(w.said.problem, QString());
        QCOMPARE(w.said.remark, QString());
        QCOMPARE(w.image().size(), (p->size() * 2).toSize());
        QCOMPARE(w.image().pixelColor(2, 2), theme().canvas);
    }
    QCOMPARE(tree.parts(), s.state.contexts().size());
}

void tst_picture::anSvgHasTheNamesAsText() {
    QFETCH(bool, dark);
    setDark(dark);
    const pictures::Story s = pictures::server();
    const WholePicture tree = WholePicture::ofTree(s.state, "A report");
    const Written w = written(writeSvg, tree);
    show(dark ? "tree-dark.svg" : "tree-light.svg", w.bytes);
    showDrawn(dark ? "tree-dark.svg.png" : "tree-light.svg.png", w.bytes);
    QCOMPARE(w.said.problem, QString());
    const QStringList texts = textsOf(w.bytes);
    for (const lab::context_info& c : s.state.contexts())
        QVERIFY2(texts.contains(QString::fromStdString(c.name)), c.name.c_str());
    QVERIFY(texts.contains("A report"));
    QVERIFY(!w.bytes.contains("<image")); // nothing of it is pixels
    QSvgRenderer renderer(w.bytes);
    QVERIFY(renderer.isValid());
    QCOMPARE(renderer.viewBoxF().size(), tree.size());

    const Written lanes = written(writeSvg, WholePicture::ofTimeline(s.state, "A report"));
    show(dark ? "timeline-dark.svg" : "timeline-light.svg", lanes.bytes);
    showDrawn(dark ? "timeline-dark.svg.png" : "timeline-light.svg.png", lanes.bytes);
    QVERIFY(textsOf(lanes.bytes).contains("shard-1"));
    QVERIFY(!lanes.bytes.contains("<image"));
}

void tst_picture::aPngThatWouldBeTooLargeIsScaledDownAndSaysSo() {
    const pictures::Story s = pictures::bushy(5000);
    const WholePicture tree = WholePicture::ofTree(s.state, {});
    const Written w = written(writePng, tree);
    show("tree-5000.png", w.bytes);
    QByteArray part;
    QBuffer buffer(&part);
    w.image().copy(0, 14'000, 700, 500).save(&buffer, "PNG");
    show("tree-5000-part.png", part);
    QCOMPARE(w.said.problem, QString());
    QVERIFY2(w.said.remark.contains("scaled down"), qPrintable(w.said.remark));
    const QImage image = w.image();
    QVERIFY(!image.isNull());
    QVERIFY(image.width() <= 30'000 && image.height() <= 30'000);
    QVERIFY2(image.height() > 29'000 && image.width() > 500, qPrintable(QString::number(image.width())));
}

void tst_picture::whatNoPngCanShowIsRefused() {
    pictures::Story s;
    for (int i = 0; i < 40'000; ++i) s.context(1, lab::context_kind::with_cancel, "one of many");
    const Written w = written(writePng, WholePicture::ofTree(s.state, {}));
    QVERIFY2(w.said.problem.contains("30"), qPrintable(w.said.problem));
    QVERIFY(w.bytes.isEmpty());
}

void tst_picture::anSvgThatNobodyCouldOpenIsRefused() {
    const pictures::Story s = pictures::bushy(20'001);
    const Written w = written(writeSvg, WholePicture::ofTree(s.state, {}));
    QVERIFY2(w.said.problem.contains("SVG"), qPrintable(w.said.problem));
    QVERIFY(w.bytes.isEmpty());
}

void tst_picture::anEmptyLaboratoryHasAPicture() {
    const lab::state nothing;
    for (const WholePicture& p : {WholePicture::ofTree(nothing, {}), WholePicture::ofTimeline(nothing, {})}) {
        QVERIFY(!written(writePng, p).image().isNull());
        QVERIFY(QSvgRenderer(written(writeSvg, p).bytes).isValid());
    }
}

void tst_picture::itIsTheSameOnAnotherThread() {
    const pictures::Story s = pictures::server();
    const WholePicture tree = WholePicture::ofTree(s.state, "A report");
    QByteArray elsewhere;
    std::thread([&] { elsewhere = written(writePng, tree).bytes; }).join();
    QVERIFY(elsewhere == written(writePng, tree).bytes);
}

QTEST_MAIN(tst_picture)
#include "tst_picture.moc"
