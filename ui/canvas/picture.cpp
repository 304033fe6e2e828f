// SPDX-License-Identifier: MIT
#include "canvas/picture.h"

#include "canvas/treemotion.h"
#include "canvas/treepainter.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QImage>
#include <QImageWriter>
#include <QLocale>
#include <QPainter>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(WholePicture)
};

constexpr double margin = 28, captionHeight = 44, leastWidth = 460;
constexpr double timelineWidth = 1600, labelWidth = 240;
constexpr double leastTime = 100e6; ///< nanoseconds on the axis, as on screen
constexpr double roomRight = 0.1;   ///< of the plot, for the clock and what comes next

constexpr double usualScale = 2;
/// What painting on an image can reach, with a little to spare, and what memory should bear (400 MB).
constexpr double longestSide = 30'000, mostPixels = 100e6;
/// Where cards are plain rectangles, a tall tree is made so wide.
constexpr double plainWidth = 2400;
constexpr double leastForCaption = 0.5;
/// An SVG has some 5 kB for each card or lane; programs that show them give up somewhere beyond this.
constexpr std::size_t mostSvgParts = 20'000;

void addFallback(QByteArray& svg, const QString& family, const char* generic) {
    const QByteArray attribute = QByteArray("font-family=\"") + family.toHtmlEscaped().toUtf8();
    svg.replace(attribute + '"', attribute + ", " + generic + '"');
}

} // namespace

WholePicture::WholePicture(const lab::state& state, const QString& title)
    : m_state(std::make_shared<const lab::state>(state)),
      m_title(title.isEmpty() ? Words::tr("Laboratory") : title) {}

WholePicture WholePicture::ofTree(const lab::state& state, const QString& title) {
    WholePicture p(state, title);
    p.m_tree.update(*p.m_state);
    const QRectF bounds = p.m_tree.bounds();
    p.m_size = {std::max(leastWidth, std::ceil(bounds.width()) + 2 * margin),
                std::ceil(bounds.height()) + 2 * margin + captionHeight};
    return p;
}

WholePicture WholePicture::ofTimeline(const lab::state& state, const QString& title) {
    WholePicture p(state, title);
    p.m_lanes = makeLanes(*p.m_state);
    p.m_marks = cancelMarks(*p.m_state);
    p.m_size = {timelineWidth, captionHeight + TimelinePainter::rulerHeight +
                                   double(p.m_lanes.size()) * TimelinePainter::laneHeight + 8};
    return p;
}

std::size_t WholePicture::parts() const {
    return m_tree.isEmpty() ? m_lanes.size() : static_cast<std::size_t>(m_tree.count());
}

double WholePicture::partHeight() const {
    return m_tree.isEmpty() ? TimelinePainter::laneHeight : cardHeight;
}

void WholePicture::paint(QPainter& painter, double scale, double across) const {
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    if (isTree()) {
        paintTree(painter, scale, std::max(across, scale));
    } else {
        painter.scale(scale, scale);
        painter.fillRect(QRectF(QPointF(), m_size), theme().canvas);
        paintCaption(painter, m_size.width());
        painter.translate(0, captionHeight);
        paintTimeline(painter);
    }
    painter.restore();
}

/// What it shows, and of when.
void WholePicture::paintCaption(QPainter& p, double width) const {
    const QString when = Words::tr("%1  ·  seed %2").arg(momentText(m_state->now())).arg(m_state->seed());
    const QFont large = Theme::uiFont(14, QFont::DemiBold), small = Theme::codeFont(12);
    const double whenWidth = QFontMetricsF(small).horizontalAdvance(when) + 2;
    const QFontMetricsF metrics(large);
    const QString title = metrics.elidedText(m_title, Qt::ElideRight, width - 2 * margin - whenWidth - 18);
    const QRectF line(margin, 6, width - margin, captionHeight - 6);
    constexpr int where = int(Qt::AlignLeft | Qt::AlignVCenter);
    p.setFont(large);
    p.setPen(theme().text);
    p.drawText(line, where, title);
    p.setFont(small);
    p.setPen(theme().mutedText);
    p.drawText(line.adjusted(metrics.horizontalAdvance(title) + 18, 0, 0, 0), where, when);
}

/// Down to life size the painter is scaled; below it the camera is, which knows what can still be read.
void WholePicture::paintTree(QPainter& p, double scale, double across) const {
    const double zoom = std::min(scale, 1.0), wide = std::min(across, 1.0);
    TreePainter::View view;
    view.asPicture = true;
    view.size = {m_size.width() * wide, m_size.height() * zoom};
    view.devicePixelRatio = std::max(scale, 1.0);
    view.camera.zoom = view.camera.scaleY = zoom;
    view.camera.scaleX = wide;
    view.camera.offset = {margin * wide, (margin + captionHeight - 12) * zoom};
    p.scale(view.devicePixelRatio, view.devicePixelRatio);
    TreePainter().paint(p, m_tree, TreeMotion(), view);
    if (scale >= leastForCaption) {
        p.scale(zoom, zoom);
        paintCaption(p, m_size.width());
    }
}

void WholePicture::paintTimeline(QPainter& p) const {
    TimelinePainter::View view;
    view.state = m_state.get();
    view.lanes = &m_lanes;
    view.marks = &m_marks;
    view.size = m_size - QSizeF(0, captionHeight);
    view.labelWidth = labelWidth;
    view.axis.left = labelWidth;
    view.axis.width = m_size.width() - labelWidth;
    const double until = std::max(leastTime, double(m_state->now().count()) / (1 - roomRight));
    view.axis.show(0, until);
    view.axis.from = -view.axis.width * 0.012 * view.axis.perPixel; // as on screen, air left of the beginning
    TimelinePainter::paintStill(p, view);
    TimelinePainter::paintLive(p, view);
}

WrittenPicture writePng(const WholePicture& picture, QIODevice& to) {
    const QSizeF whole = picture.size();
    const double scale = std::min({usualScale, longestSide / whole.width(), longestSide / whole.height(),
                                   std::sqrt(mostPixels / (whole.width() * whole.height()))});
    const QLocale locale;
    if (scale * picture.partHeight() < 1)
        return {Words::tr("a PNG may be %1 pixels high, and there are %2 lines to show")
                    .arg(locale.toString(int(longestSide)),
                         locale.toString(qlonglong(whole.height() / picture.partHeight()))),
                {}};
    double across = scale;
    if (picture.isTree() && scale < Camera::plainBelow)
        across = std::clamp(std::min(plainWidth, mostPixels / (whole.height() * scale)) / whole.width(),
                            scale, Camera::mostStretched);
    const QSize pixels(int(std::ceil(whole.width() * across)), int(std::ceil(whole.height() * scale)));
    QImage image(pixels, QImage::Format_RGB32);
    if (image.isNull())
        return {Words::tr("there is no memory for %1 × %2 pixels").arg(pixels.width()).arg(pixels.height()),
                {}};
    image.fill(theme().canvas);
    image.setDotsPerMeterX(int(std::round(scale * 96 / 0.0254)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    {
        QPainter painter(&image);
        picture.paint(painter, scale, across);
    }
    QImageWriter writer(&to, "png");
    if (!writer.write(image)) return {writer.errorString(), {}};
    if (scale >= usualScale) return {};
    return {{},
            Words::tr("scaled down to %1 % of its size on screen, because a PNG cannot be larger "
                      "(%2 × %3 pixels)")
                .arg(locale.toString(scale * 100, 'f', scale < 0.1 ? 1 : 0))
                .arg(pixels.width())
                .arg(pixels.height())};
}

WrittenPicture writeSvg(const WholePicture& picture, QIODevice& to) {
    const QLocale locale;
    if (picture.parts() > mostSvgParts)
        return {
            Words::tr("it would have %1 cards or lanes, and few programs can open an SVG with more "
                      "than %2; a PNG can be saved")
                .arg(locale.toString(qulonglong(picture.parts())), locale.toString(qulonglong(mostSvgParts))),
            {}};
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(96); // so that pixels are SVG's own
    svg.setSize(picture.size().toSize());
    svg.setViewBox(QRectF(QPointF(), picture.size()));
    svg.setTitle(picture.title());
    svg.setDescription(Words::tr("Contexts of a laboratory for Go's context package."));
    QPainter painter;
    if (!painter.begin(&svg)) return {Words::tr("it could not be written"), {}};
    picture.paint(painter);
    painter.end();
    // Where our fonts are not installed, others of their kind are to take their place.
    addFallback(bytes, Theme::uiFont().family(), "sans-serif");
    addFallback(bytes, Theme::codeFont().family(), "monospace");
    return to.write(bytes) == bytes.size() ? WrittenPicture() : WrittenPicture{to.errorString(), {}};
}
