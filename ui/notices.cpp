// SPDX-License-Identifier: MIT
#include "notices.h"

#include "canvas/icons.h"
#include "canvas/marks.h"
#include "errand.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace std::chrono_literals;

namespace {

/// Shorter work is over before a bar could be read.
constexpr auto patience = 300ms;

/// The shape that says of which sort a notice is.
class Sign : public QWidget {
  public:
    Sign(NoticeBar::Sort sort, QWidget* parent) : QWidget(parent), m_sort(sort) { setFixedSize(18, 18); }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const bool warning = m_sort == NoticeBar::Sort::Warning;
        paintGlyph(painter, warning ? Glyph::Triangle : Glyph::Clock,
                   warning ? theme().color(Mark::Deadline) : theme().accent,
                   QRectF(rect()).adjusted(1, 1, -1, -1));
    }

  private:
    NoticeBar::Sort m_sort;
};

} // namespace

NoticeBar::NoticeBar(Sort sort, const QString& text, QWidget* parent)
    : QFrame(parent), m_row(new QHBoxLayout(this)), m_text(new QLabel(text, this)),
      m_close(new QToolButton(this)) {
    setObjectName(QStringLiteral("notice"));
    setProperty("notice", sort == Sort::Warning ? QStringLiteral("warning") : QStringLiteral("offer"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setProperty("flat", true);
    m_close->setIcon(Icons::icon(QStringLiteral("cancel"), Icons::Tint::Muted));
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close"));
    m_row->setContentsMargins(12, 6, 8, 6);
    m_row->setSpacing(8);
    m_row->addWidget(new Sign(sort, this));
    m_row->addWidget(m_text, 1);
    m_row->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, [this] {
        if (m_errand) m_errand->giveUp();
        emit closed();
        dismiss();
    });
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString NoticeBar::text() const {
    return m_text->text();
}

void NoticeBar::setText(const QString& text) {
    m_text->setText(text);
}

QPushButton* NoticeBar::addButton(const QString& text, const QString& toolTip) {
    auto* button = new QPushButton(text, this);
    button->setToolTip(toolTip);
    m_row->insertWidget(m_row->indexOf(m_close), button);
    return button;
}

void NoticeBar::addLater(const QString& text, const QString& toolTip) {
    connect(addButton(text, toolTip), &QPushButton::clicked, this, &NoticeBar::dismiss);
    m_close->hide();
}

void NoticeBar::follow(Errand& errand) {
    m_errand = &errand;
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(180);
    m_progress->setRange(0, 0);
    m_row->insertWidget(m_row->indexOf(m_close), m_progress);
    m_close->hide();
    auto* cancel = addButton(tr("Cancel"));
    connect(cancel, &QPushButton::clicked, this, [this, cancel] {
        cancel->setEnabled(false);
        if (m_errand) m_errand->giveUp();
    });
    connect(&errand, &Errand::finished, this, &NoticeBar::dismiss);
    connect(&errand, &QObject::destroyed, this, [this] {
        m_errand = nullptr;
        dismiss();
    });
    connect(&m_poll, &QTimer::timeout, this, &NoticeBar::showProgress);
    m_poll.start(50ms);
    showProgress();
}

void NoticeBar::showProgress() {
    if (!m_errand || m_errand->part() < 0) return;
    m_progress->setRange(0, 1000);
    m_progress->setValue(static_cast<int>(m_errand->part() * 1000));
}

void NoticeBar::dismiss() {
    hide();
    deleteLater();
}

Notices::Notices(QWidget* parent) : QWidget(parent), m_column(new QVBoxLayout(this)) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

NoticeBar* Notices::add(NoticeBar::Sort sort, const QString& text) {
    auto* bar = new NoticeBar(sort, text, this);
    m_column->addWidget(bar);
    return bar;
}

void Notices::follow(Errand& errand, const QString& text) {
    QTimer::singleShot(patience, this, [this, errand = QPointer<Errand>(&errand), text] {
        if (errand && errand->isRunning()) add(NoticeBar::Sort::Offer, text)->follow(*errand);
    });
}

QList<NoticeBar*> Notices::bars() const {
    QList<NoticeBar*> shown;
    for (int i = 0; i < m_column->count(); ++i)
        if (auto* bar = qobject_cast<NoticeBar*>(m_column->itemAt(i)->widget()); bar && !bar->isHidden())
            shown += bar;
    return shown;
}
