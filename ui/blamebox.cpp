// SPDX-License-Identifier: MIT
#include "blamebox.h"

#include "canvas/marks.h"
#include "labtext.h"
#include "links.h"
#include "section.h"

#include "lab/blame.h"

#include <QCoreApplication>
#include <QLabel>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

namespace {

constexpr std::size_t mostWorkers = 24, mostHops = 24;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(BlameBox)
};

QString spanOf(lab::lab_time took, std::int64_t wall) {
    const QString lab = took.count() == 0 ? Words::tr("at once") : Words::tr("after %1").arg(spanText(took));
    return wall > 0 ? Words::tr("%1 (%2 real)").arg(lab, spanText(lab::lab_time(wall))) : lab;
}

QString wayHtml(const lab::blame& b, const lab::state& s) {
    QStringList hops;
    const std::size_t skipped = b.path.size() > mostHops ? b.path.size() - mostHops : 0;
    for (std::size_t i = 0; i < b.path.size(); ++i) {
        if (i > 0 && i <= skipped) continue; // both ends of the way matter most
        const lab::hop& h = b.path[i];
        QString text = Links::chip(s, {Selection::Sort::Context, h.context}) + QLatin1Char(' ') +
                       spanOf(h.took, h.wall_took).toHtmlEscaped();
        if (h.at_birth) text += Words::tr(", at its birth");
        if (i == 0 && skipped > 0) text += QStringLiteral(" → ") + Words::tr("%1 more").arg(skipped);
        hops += text;
    }
    return hops.join(QStringLiteral(" → "));
}

QString latency(const lab::reaction& r) {
    if (!r.to_notice && !r.to_exit) return Words::tr("has not noticed");
    if (!r.to_notice) return Words::tr("never looked; exited %1").arg(spanOf(*r.to_exit, 0));
    const QString noticed = Words::tr("noticed %1").arg(spanOf(*r.to_notice, 0));
    return r.to_exit ? Words::tr("%1, exited %2").arg(noticed, spanOf(*r.to_exit, 0))
                     : Words::tr("%1, is still there").arg(noticed);
}

QString workersHtml(const lab::blame& b, const lab::state& s) {
    QStringList lines;
    for (std::size_t i = 0; i < std::min(b.reactions.size(), mostWorkers); ++i)
        lines += Links::chip(s, {Selection::Sort::Worker, b.reactions[i].worker}) + QLatin1Char(' ') +
                 latency(b.reactions[i]).toHtmlEscaped();
    if (b.reactions.size() > mostWorkers)
        lines += Words::tr("and %1 more").arg(b.reactions.size() - mostWorkers);
    return lines.join(QStringLiteral("<br>"));
}

} // namespace

BlameBox::BlameBox(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_caller(new QLabel(this)), m_way(Links::makeLabel(session, this)),
      m_workers(Links::makeLabel(session, this)) {
    m_caller->setWordWrap(true);
    m_caller->setMinimumWidth(1);
    m_caller->setTextFormat(Qt::PlainText);
    m_caller->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(makeHeading(tr("Who did it"), this));
    column->addWidget(m_caller);
    column->addWidget(m_way);
    column->addWidget(m_workers);
    column->addWidget(makeRule(this));
    m_soon.setSingleShot(true);
    m_soon.setInterval(200);
    connect(&m_soon, &QTimer::timeout, this, &BlameBox::refresh);
    hide();
}

void BlameBox::display(const lab::context_info& context) {
    setVisible(context.done.has_value());
    if (!context.done) {
        m_shown.reset();
        return;
    }
    const Shown now{context.id, context.done_seq, m_session.shownLife().first};
    if (m_shown != now) {
        m_shown = now;
        refresh();
    } else if (m_session.state().seq() != m_seq && !m_soon.isActive()) {
        m_soon.start();
    }
}

void BlameBox::refresh() {
    if (!m_shown) return;
    const lab::state& s = m_session.state();
    m_seq = s.seq();
    const lab::log_view log = m_session.history().view(m_session.shownLife()).until(m_session.shownSeq());
    const auto blame = lab::blame_for(log, s, m_shown->context);
    setVisible(blame.has_value());
    if (!blame) return;
    m_caller->setText(LabText::of(lab::sentences(*blame, s).front()) + QLatin1Char('.'));
    m_way->setText(wayHtml(*blame, s));
    m_workers->setText(workersHtml(*blame, s));
    m_workers->setVisible(!blame->reactions.empty());
}

QString BlameBox::text() const {
    if (isHidden()) return {};
    const auto plain = [](const QLabel* label) {
        return QTextDocumentFragment::fromHtml(label->text())
            .toPlainText()
            .replace(QChar(QChar::Nbsp), QLatin1Char(' '));
    };
    QStringList all{m_caller->text(), plain(m_way)};
    if (!m_workers->isHidden()) all += plain(m_workers);
    return all.join(QLatin1Char('\n'));
}
