// SPDX-License-Identifier: MIT
#include "canvas/icons.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QLoggingCategory>
#include <QMutex>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

// Icons live in a static library, where nothing else would pull the resources in; not in a namespace, as the
// macro declares a global function.
static void loadResources() {
    Q_INIT_RESOURCE(resources);
}

namespace {

const QString folder = QStringLiteral(":/ctxlab/icons/");

/// Any thread: pictures for files are painted in the background.
QByteArray source(const QString& name) {
    static QMutex mutex;
    static QHash<QString, QByteArray> sources;
    static const bool loaded = (loadResources(), true);
    Q_UNUSED(loaded)
    const QMutexLocker lock(&mutex);
    const auto known = sources.constFind(name);
    if (known != sources.constEnd()) return *known;
    QFile file(folder + name + QStringLiteral(".svg"));
    if (!file.open(QIODevice::ReadOnly))
        qWarning("icon \"%s\": no such file in the resources", qUtf8Printable(name));
    return *sources.insert(name, file.isOpen() ? file.readAll() : QByteArray());
}

QColor tinted(Icons::Tint tint, QIcon::Mode mode) {
    const Theme& t = theme();
    if (mode == QIcon::Disabled) return mix(t.mutedText, t.panel, 0.5);
    switch (tint) {
    case Icons::Tint::Text:
        return t.text;
    case Icons::Tint::Muted:
        return t.mutedText;
    case Icons::Tint::Accent:
        return t.accent;
    case Icons::Tint::OnButton:
        return t.buttonText;
    case Icons::Tint::Danger:
        return t.color(Mark::Cancelled);
    }
    return t.text;
}

/// Asks for the theme's colour at each painting, so that a change of theme needs no new icons.
class ThemedEngine : public QIconEngine {
  public:
    ThemedEngine(QString name, Icons::Tint tint) : m_name(std::move(name)), m_tint(tint) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        Icons::paint(*painter, m_name, tinted(m_tint, mode), rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return Icons::pixmap(m_name, tinted(m_tint, mode), qMin(size.width(), size.height()));
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
        // `size` is in device pixels already; the caller sets the ratio.
        Q_UNUSED(scale)
        return Icons::pixmap(m_name, tinted(m_tint, mode), qMin(size.width(), size.height()));
    }

    QIconEngine* clone() const override { return new ThemedEngine(*this); }
    QString key() const override { return QStringLiteral("ctxlab"); }

  private:
    QString m_name;
    Icons::Tint m_tint;
};

} // namespace

namespace Icons {

QIcon icon(const QString& name, Tint tint) {
    return source(name).isEmpty() ? QIcon() : QIcon(new ThemedEngine(name, tint));
}

void paint(QPainter& painter, const QString& name, const QColor& color, const QRectF& rect) {
    QByteArray svg = source(name);
    if (svg.isEmpty()) return;
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    const qreal side = qMin(rect.width(), rect.height());
    QRectF square(0, 0, side, side);
    square.moveCenter(rect.center());
    const qreal opacity = painter.opacity();
    painter.setOpacity(opacity * color.alphaF());
    renderer.render(&painter, square);
    painter.setOpacity(opacity);
}

QPixmap pixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio) {
    const QString key = QStringLiteral("ctxlab/%1/%2/%3/%4")
                            .arg(name, color.name(QColor::HexArgb))
                            .arg(size)
                            .arg(devicePixelRatio);
    QPixmap pm;
    if (QPixmapCache::find(key, &pm)) return pm;
    const int side = qRound(size * devicePixelRatio);
    pm = QPixmap(side, side);
    pm.fill(Qt::transparent);
    {
        QPainter painter(&pm);
        painter.setRenderHint(QPainter::Antialiasing);
        paint(painter, name, color, QRectF(0, 0, side, side));
    }
    pm.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pm);
    return pm;
}

QStringList names() {
    loadResources();
    QStringList all;
    const QStringList files = QDir(folder).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    for (const QString& file : files)
        if (!file.startsWith(QLatin1String("sheet-"))) all += file.chopped(4);
    return all;
}

QString kindName(lab::context_kind kind) {
    using k = lab::context_kind;
    switch (kind) {
    case k::background:
        return QStringLiteral("kind-root");
    case k::todo:
        return QStringLiteral("kind-todo");
    case k::with_cancel:
    case k::with_cancel_cause:
        return QStringLiteral("kind-cancel");
    case k::with_deadline:
    case k::with_deadline_cause:
    case k::with_timeout:
    case k::with_timeout_cause:
        return QStringLiteral("kind-deadline");
    case k::with_value:
        return QStringLiteral("kind-value");
    case k::without_cancel:
        return QStringLiteral("kind-withoutcancel");
    case k::after_func:
        return QStringLiteral("kind-afterfunc");
    case k::custom:
        break;
    }
    return QStringLiteral("kind-custom");
}

} // namespace Icons
