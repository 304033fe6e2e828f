// SPDX-License-Identifier: MIT
#include "canvas/icons.h"
#include "canvas/theme.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QRegularExpression>
#include <QTest>

#include <array>
#include <cmath>

// Contrast after WCAG 2.1; colour vision after Machado, Oliveira and Fernandes (2009) at full severity;
// difference of colours after CIEDE2000.

namespace {

using Triple = std::array<double, 3>;

double linear(double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
Triple linearRgb(const QColor& c) {
    return {linear(c.redF()), linear(c.greenF()), linear(c.blueF())};
}

double contrast(const QColor& a, const QColor& b) {
    const auto luminance = [](const QColor& c) {
        const Triple l = linearRgb(c);
        return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
    };
    const double la = luminance(a) + 0.05, lb = luminance(b) + 0.05;
    return std::max(la, lb) / std::min(la, lb);
}

struct Vision {
    const char* name;
    double matrix[3][3];
};

constexpr Vision visions[] = {
    {"normal", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protan",
     {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"deutan",
     {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {"tritan",
     {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};

Triple seen(const QColor& c, const Vision& v) {
    const Triple in = linearRgb(c);
    Triple out{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = 0; k < 3; ++k) out[i] += v.matrix[i][k] * in[k];
        out[i] = std::clamp(out[i], 0.0, 1.0);
    }
    return out;
}

Triple cielab(const Triple& rgb) {
    const double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
    const double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
    const double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;
    const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
    return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

constexpr double pi = 3.14159265358979323846;
double degrees(double radians) {
    return radians * 180 / pi;
}
double radians(double d) {
    return d * pi / 180;
}

double ciede2000(const Triple& p, const Triple& q) {
    const double c1 = std::hypot(p[1], p[2]), c2 = std::hypot(q[1], q[2]);
    const double mean7 = std::pow((c1 + c2) / 2, 7),
                 g = 0.5 * (1 - std::sqrt(mean7 / (mean7 + std::pow(25.0, 7))));
    const double a1 = p[1] * (1 + g), a2 = q[1] * (1 + g);
    const double k1 = std::hypot(a1, p[2]), k2 = std::hypot(a2, q[2]);
    const auto hue = [](double a, double b) {
        if (a == 0 && b == 0) return 0.0;
        const double h = degrees(std::atan2(b, a));
        return h < 0 ? h + 360 : h;
    };
    const double h1 = hue(a1, p[2]), h2 = hue(a2, q[2]);
    double dh = 0, h = h1 + h2;
    if (k1 * k2 != 0) {
        dh = h2 - h1;
        if (dh > 180) dh -= 360;
        if (dh < -180) dh += 360;
        h = std::abs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2;
    }
    const double dL = q[0] - p[0], dC = k2 - k1, dH = 2 * std::sqrt(k1 * k2) * std::sin(radians(dh / 2));
    const double L = (p[0] + q[0]) / 2, C = (k1 + k2) / 2;
    const double t = 1 - 0.17 * std::cos(radians(h - 30)) + 0.24 * std::cos(radians(2 * h)) +
                     0.32 * std::cos(radians(3 * h + 6)) - 0.20 * std::cos(radians(4 * h - 63));
    const double sl = 1 + 0.015 * std::pow(L - 50, 2) / std::sqrt(20 + std::pow(L - 50, 2));
    const double sc = 1 + 0.045 * C, sh = 1 + 0.015 * C * t;
    const double c7 = std::pow(C, 7);
    const double rt = -2 * std::sqrt(c7 / (c7 + std::pow(25.0, 7))) *
                      std::sin(radians(60 * std::exp(-std::pow((h - 275) / 25, 2))));
    const double l = dL / sl, c = dC / sc, hh = dH / sh;
    return std::sqrt(l * l + c * c + hh * hh + rt * c * hh);
}

const char* markName(int i) {
    constexpr const char* names[] = {"active", "waiting",  "deadline", "cancelled",
                                     "leaked", "finished", "inert"};
    return names[i];
}

} // namespace

class tst_palette : public QObject {
    Q_OBJECT
  private slots:
    void theDifferenceFormulaGivesThePublishedValues_data();
    void theDifferenceFormulaGivesThePublishedValues();
    void marksHaveThreeToOneOnWhatTheyAreDrawnOn_data();
    void marksHaveThreeToOneOnWhatTheyAreDrawnOn();
    void marksStayApartForEveryEye_data();
    void marksStayApartForEveryEye();
    void textHasFourAndAHalfToOne_data();
    void textHasFourAndAHalfToOne();
    void focusRingsHaveThreeToOne_data() { textHasFourAndAHalfToOne_data(); }
    void focusRingsHaveThreeToOne();
    void theStyleSheetNamesOnlyKnownColoursAndFiles_data() { textHasFourAndAHalfToOne_data(); }
    void theStyleSheetNamesOnlyKnownColoursAndFiles();
    void everyIconIsDrawnInTheColourAskedFor();
    void codeKeepsItsArrows();
};

void tst_palette::theDifferenceFormulaGivesThePublishedValues_data() {
    // From the test data of Sharma, Wu and Dalal (2005).
    QTest::addColumn<QList<double>>("first");
    QTest::addColumn<QList<double>>("second");
    QTest::addColumn<double>("difference");
    QTest::newRow("1") << QList<double>{50, 2.6772, -79.7751} << QList<double>{50, 0, -82.7485} << 2.0425;
    QTest::newRow("9") << QList<double>{50, 2.4900, -0.0010} << QList<double>{50, -2.4900, 0.0009} << 7.1792;
    QTest::newRow("17") << QList<double>{50, 2.5, 0} << QList<double>{73, 25, -18} << 27.1492;
    QTest::newRow("25") << QList<double>{60.2574, -34.0099, 36.2677}
                        << QList<double>{60.4626, -34.1751, 39.4387} << 1.2644;
    QTest::newRow("34") << QList<double>{2.0776, 0.0795, -1.1350} << QList<double>{0.9033, -0.0636, -0.5514}
                        << 0.9082;
}

void tst_palette::theDifferenceFormulaGivesThePublishedValues() {
    QFETCH(QList<double>, first);
    QFETCH(QList<double>, second);
    QFETCH(double, difference);
    const double d = ciede2000({first[0], first[1], first[2]}, {second[0], second[1], second[2]});
    QVERIFY2(std::abs(d - difference) < 0.0002, qPrintable(QString::number(d)));
}

void tst_palette::marksHaveThreeToOneOnWhatTheyAreDrawnOn_data() {
    QTest::addColumn<const Theme*>("t");
    QTest::addColumn<int>("mark");
    for (const Theme* t : Theme::all())
        for (int i = 0; i < markCount; ++i)
            QTest::addRow("%s %s", qPrintable(t->name), markName(i)) << t << i;
}

void tst_palette::marksHaveThreeToOneOnWhatTheyAreDrawnOn() {
    QFETCH(const Theme*, t);
    QFETCH(int, mark);
    const QColor c = t->color(Mark(mark));
    for (const QColor& ground : {t->card, t->panel, t->canvas})
        QVERIFY2(
            contrast(c, ground) >= 3,
            qPrintable(QStringLiteral("%1 on %2: %3").arg(c.name(), ground.name()).arg(contrast(c, ground))));
}

void tst_palette::marksStayApartForEveryEye_data() {
    QTest::addColumn<const Theme*>("t");
    QTest::addColumn<int>("vision");
    for (const Theme* t : Theme::all())
        for (int v = 0; v < int(std::size(visions)); ++v)
            QTest::addRow("%s %s", qPrintable(t->name), visions[v].name) << t << v;
}

void tst_palette::marksStayApartForEveryEye() {
    QFETCH(const Theme*, t);
    QFETCH(int, vision);
    for (int a = 0; a < markCount; ++a)
        for (int b = a + 1; b < markCount; ++b) {
            const double d = ciede2000(cielab(seen(t->color(Mark(a)), visions[vision])),
                                       cielab(seen(t->color(Mark(b)), visions[vision])));
            QVERIFY2(d >= 12, qPrintable(QStringLiteral("%1 and %2: %3")
                                             .arg(QLatin1String(markName(a)), QLatin1String(markName(b)))
                                             .arg(d)));
        }
}

void tst_palette::textHasFourAndAHalfToOne_data() {
    QTest::addColumn<const Theme*>("t");
    for (const Theme* t : Theme::all()) QTest::newRow(qPrintable(t->name)) << t;
}

void tst_palette::textHasFourAndAHalfToOne() {
    QFETCH(const Theme*, t);
    const auto check = [](const QColor& ink, const QColor& ground, const char* what) {
        QVERIFY2(contrast(ink, ground) >= 4.5,
                 qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(what)).arg(contrast(ink, ground))));
    };
    for (const QColor& ground : {t->window, t->panel, t->canvas, t->card, t->control, t->controlHover,
                                 t->codeBackground, t->selection})
        check(t->text, ground, "text");
    for (const QColor& ground : {t->window, t->panel, t->canvas, t->card, t->codeBackground})
        check(t->mutedText, ground, "muted text");
    check(t->buttonText, t->button, "primary button");
    for (int i = 0; i < markCount; ++i) {
        check(t->text, t->tint(Mark(i)), "text on a tinted card");
        check(t->mutedText, t->tint(Mark(i)), "muted text on a tinted card");
    }
}

void tst_palette::focusRingsHaveThreeToOne() {
    QFETCH(const Theme*, t);
    for (const QColor& ground : {t->window, t->panel, t->canvas, t->control})
        QVERIFY(contrast(t->accent, ground) >= 3);
}

void tst_palette::theStyleSheetNamesOnlyKnownColoursAndFiles() {
    QFETCH(const Theme*, t);
    Icons::names(); // loads the resources
    const QString sheet = t->styleSheet();
    QVERIFY(sheet.contains(t->panel.name()));
    QVERIFY(!sheet.contains(QLatin1Char('$')));
    static const QRegularExpression url(QStringLiteral("url\\(([^)]+)\\)"));
    int files = 0;
    for (auto it = url.globalMatch(sheet); it.hasNext(); ++files) {
        const QString file = it.next().captured(1);
        QVERIFY2(QFile::exists(file), qPrintable(file));
    }
    QVERIFY(files > 0);
}

void tst_palette::everyIconIsDrawnInTheColourAskedFor() {
    const QStringList names = Icons::names();
    QVERIFY(names.size() >= 20);
    for (const QString& name : names) {
        const QImage image = Icons::pixmap(name, QColor(0x12, 0x34, 0x56), 48).toImage();
        int inked = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor c = image.pixelColor(x, y);
                if (c.alpha() < 250) continue;
                ++inked;
                // Antialiasing rounds.
                const int off =
                    std::abs(c.red() - 0x12) + std::abs(c.green() - 0x34) + std::abs(c.blue() - 0x56);
                QVERIFY2(off <= 6, qPrintable(name + c.name()));
            }
        QVERIFY2(inked > 20, qPrintable(name));
        QVERIFY2(image.pixelColor(0, 0).alpha() < 40, qPrintable(name));
    }
    using k = lab::context_kind;
    for (k kind : {k::background, k::todo, k::with_cancel, k::with_cancel_cause, k::with_deadline,
                   k::with_deadline_cause, k::with_timeout, k::with_timeout_cause, k::with_value,
                   k::without_cancel, k::after_func, k::custom})
        QVERIFY(names.contains(Icons::kindName(kind)));
}

void tst_palette::codeKeepsItsArrows() {
    const QFont code = Theme::codeFont(26);
    const auto draw = [&](const QString& text) {
        QImage image(200, 50, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter p(&image);
        p.setFont(code);
        p.drawText(5, 35, text);
        return image;
    };
    QImage apart(200, 50, QImage::Format_Grayscale8);
    apart.fill(Qt::white);
    QPainter p(&apart);
    p.setFont(code);
    p.drawText(5, 35, QStringLiteral("<"));
    p.drawText(QPointF(5 + QFontMetricsF(code).horizontalAdvance(QLatin1Char('<')), 35), QStringLiteral("-"));
    p.end();
    QCOMPARE(draw(QStringLiteral("<-")), apart);
}

QTEST_MAIN(tst_palette)
#include "tst_palette.moc"
