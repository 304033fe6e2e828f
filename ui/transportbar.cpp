// SPDX-License-Identifier: MIT
#include "transportbar.h"

#include "canvas/icons.h"
#include "clockverbs.h"
#include "contextverbs.h"
#include "elidedlabel.h"
#include "labtext.h"
#include "scenarios.h"
#include "section.h"
#include "type.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QStylePainter>
#include <QToolButton>

#include <cmath>

namespace {

/// The slider counts doublings: -4 is a sixteenth, 0 is 1, 4 is sixteen times.
constexpr int doublings = 4;

QString speedText(int doubling) {
    return doubling < 0 ? QStringLiteral("1/%1×").arg(1 << -doubling)
                        : QStringLiteral("%1×").arg(1 << doubling);
}

QFrame* divider(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    line->setFixedHeight(22);
    return line;
}

QWidget* group(QWidget* parent, int spacing = 6) {
    auto* box = new QWidget(parent);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing);
    return box;
}

/// Drawn again when the theme changes: the picture follows the text's colour.
class Logo : public QWidget {
  public:
    explicit Logo(QWidget* parent) : QWidget(parent) { setFixedSize(22, 22); }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        Icons::paint(painter, QStringLiteral("logo"), theme().accent, rect());
    }
};

/// Cuts a long title with an ellipsis, where Qt's cuts it in the middle of a letter.
class TitleBox : public QComboBox {
  public:
    using QComboBox::QComboBox;

  protected:
    void paintEvent(QPaintEvent*) override {
        QStylePainter painter(this);
        QStyleOptionComboBox option;
        initStyleOption(&option);
        painter.drawComplexControl(QStyle::CC_ComboBox, option);
        const QRect field =
            style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
        option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, field.width() - 4);
        painter.drawControl(QStyle::CE_ComboBoxLabel, option);
    }
};

} // namespace

TransportBar::TransportBar(SessionModel& session, ContextVerbs& verbs, ClockVerbs& clock,
                           Scenarios& scenarios, QAction* reset, QAction* themeToggle, QWidget* parent)
    : QWidget(parent), m_session(session), m_clock(clock), m_scenarios(scenarios),
      m_scenario(new TitleBox(this)), m_step(new QComboBox(this)), m_time(new ElidedLabel(this)),
      m_speed(new QSlider(Qt::Horizontal, this)), m_speedText(new ElidedLabel(this)),
      m_mode(new QComboBox(this)), m_search(new QLineEdit(this)) {
    m_search->setPlaceholderText(tr("Find context, value or worker"));
    m_search->setToolTip(tr("Only what contains this stays in view (/)"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(Icons::icon(QStringLiteral("search"), Icons::Tint::Muted),
                        QLineEdit::LeadingPosition);
    setObjectName(QStringLiteral("transportbar"));
    m_search->setObjectName(QStringLiteral("search"));
    plainSideButtons(m_search);
    m_search->setMinimumWidth(96);
    m_search->setMaximumWidth(270);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 2, 4, 2);
    row->setSpacing(9);
    row->addWidget(makeLogo());
    row->addWidget(divider(this));
    row->addWidget(makeVerbs(verbs));
    row->addWidget(divider(this));
    row->addWidget(makeScenarios(), 6);
    row->addStretch(1);
    row->addWidget(makeClock(reset));
    row->addWidget(makeSpeed());
    row->addStretch(1);
    row->addWidget(m_search, 6);
    row->addWidget(flatButton(themeToggle));

    connect(&m_session, &SessionModel::changed, this, &TransportBar::showClock);
    connect(&m_session, &SessionModel::ticked, this, &TransportBar::showTime);
    connect(&m_scenarios, &Scenarios::changed, this, &TransportBar::showScenario);
    showScenario();
    showClock();
}

/// The style sheet's min-width, which it sets when it polishes a button, hides from layouts how wide its text
/// is.
bool TransportBar::event(QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange)
        QMetaObject::invokeMethod(this, &TransportBar::keepTexts, Qt::QueuedConnection);
    return QWidget::event(event);
}

void TransportBar::keepTexts() {
    for (QToolButton* button : findChildren<QToolButton*>())
        if (button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon)
            button->setMinimumWidth(button->sizeHint().width());
}

QWidget* TransportBar::makeLogo() {
    QWidget* box = group(this, 8);
    box->layout()->addWidget(new Logo(box));
    auto* name = new QLabel(QStringLiteral("ctxlab"), box);
    QFont font = Theme::uiFont(15, QFont::DemiBold);
    name->setFont(font);
    box->layout()->addWidget(name);
    return box;
}

QToolButton* TransportBar::flatButton(QAction* action) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setProperty("flat", true);
    button->setIconSize({18, 18});
    return button;
}

QWidget* TransportBar::makeVerbs(ContextVerbs& verbs) {
    QWidget* box = group(this);
    auto* child = new QToolButton(box);
    child->setDefaultAction(verbs.newChildMenu());
    child->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    child->setPopupMode(QToolButton::InstantPopup);
    child->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* cancel = new QToolButton(box);
    cancel->setDefaultAction(verbs.cancel());
    cancel->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    cancel->setProperty("danger", true);
    cancel->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    box->layout()->addWidget(child);
    box->layout()->addWidget(cancel);
    return box;
}

QWidget* TransportBar::makeScenarios() {
    QWidget* box = group(this, 8);
    m_scenario->setAccessibleName(tr("Scenario"));
    m_scenario->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scenario->setMinimumContentsLength(11);
    m_scenario->setMaximumWidth(300);
    fillScenarios();
    connect(m_scenario, &QComboBox::activated, this, &TransportBar::onScenarioChosen);
    static_cast<QHBoxLayout*>(box->layout())->addWidget(m_scenario, 1);
    return box;
}

/// Index 0 is the empty laboratory, then come the shipped ones, then what is open if it is none of them.
void TransportBar::fillScenarios() {
    m_scenario->clear();
    m_scenario->addItem(tr("Empty laboratory"));
    for (const auto& s : m_scenarios.shipped()) {
        m_scenario->addItem(LabText::of(s->title));
        m_scenario->setItemData(m_scenario->count() - 1, LabText::of(s->description), Qt::ToolTipRole);
    }
    const bool other = m_scenarios.currentShipped() < 0 && !m_scenarios.title().isEmpty();
    if (other) m_scenario->addItem(m_scenarios.title());
    m_scenario->setCurrentIndex(other ? m_scenario->count() - 1 : m_scenarios.currentShipped() + 1);
    m_scenario->insertSeparator(m_scenario->count());
    m_scenario->addItem(tr("Open a file…"));
}

void TransportBar::showScenario() {
    const QSignalBlocker quiet(m_scenario);
    fillScenarios();
    m_scenario->setToolTip(m_scenario->itemData(m_scenario->currentIndex(), Qt::ToolTipRole).toString());
}

void TransportBar::onScenarioChosen(int index) {
    if (index == m_scenario->count() - 1) {
        showScenario(); // the list names what runs, not the entry that opens a dialog
        emit openFileRequested();
    } else if (index == 0) {
        m_scenarios.openNothing();
    } else if (index <= static_cast<int>(m_scenarios.shipped().size())) {
        m_scenarios.openShipped(index - 1);
    } else {
        m_scenarios.restart();
    }
}

QWidget* TransportBar::makeClock(QAction* reset) {
    QWidget* box = group(this);
    auto* run = new QToolButton(box);
    run->setDefaultAction(m_clock.runPause());
    run->setToolButtonStyle(Qt::ToolButtonIconOnly);
    run->setProperty("primary", true);
    run->setProperty("round", true);
    run->setIconSize({18, 18});
    for (const lab::step_size size : {lab::step_size::hook, lab::step_size::node, lab::step_size::wave,
                                      lab::step_size::reaction, lab::step_size::timer}) {
        m_step->addItem(ClockVerbs::shortName(size), static_cast<int>(size));
        m_step->setItemData(m_step->count() - 1, m_clock.stepSizes()[static_cast<int>(size)]->text(),
                            Qt::ToolTipRole);
    }
    const auto showSize = [this] {
        m_step->setCurrentIndex(m_step->findData(static_cast<int>(m_clock.stepSize())));
    };
    showSize();
    m_step->setAccessibleName(tr("Step size"));
    m_step->setToolTip(tr("How far a step goes"));
    connect(m_step, &QComboBox::activated, this,
            [this] { m_clock.setStepSize(static_cast<lab::step_size>(m_step->currentData().toInt())); });
    connect(&m_clock, &ClockVerbs::stepSizeChanged, this, showSize);
    Type::use(m_time, Type::Rank::Time);
    m_time->setRoomFor(QStringLiteral("+1000.000 s"));
    m_time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_time->setToolTip(tr("Laboratory time since the last reset"));
    box->layout()->addWidget(flatButton(reset));
    box->layout()->addWidget(run);
    box->layout()->addWidget(flatButton(m_clock.step()));
    box->layout()->addWidget(m_step);
    box->layout()->addWidget(m_time);
    return box;
}

QWidget* TransportBar::makeSpeed() {
    QWidget* box = group(this, 8);
    m_speed->setRange(-doublings, doublings);
    m_speed->setPageStep(1);
    m_speed->setFixedWidth(76);
    m_speed->setAccessibleName(tr("Speed"));
    Type::use(m_speedText, Type::Rank::Code);
    m_speedText->setRoomFor(QStringLiteral("1/16×"));
    m_speedText->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_mode->addItems({tr("Virtual"), tr("Real")});
    m_mode->setAccessibleName(tr("Clock"));
    m_mode->setToolTip(
        tr("Virtual: time stands still while anything can run, and jumps to the next timer.\n"
           "Real: the machine's time. It can be paused and held, but neither jump nor change its "
           "speed."));
    connect(m_speed, &QSlider::valueChanged, this, [this](int doubling) {
        m_speedText->setText(speedText(doubling));
        m_clock.setSpeed(std::exp2(doubling));
    });
    connect(m_mode, &QComboBox::activated, this,
            [this](int index) { (index == 0 ? m_clock.virtualMode() : m_clock.realMode())->trigger(); });
    box->layout()->addWidget(m_speedText);
    box->layout()->addWidget(m_speed);
    box->layout()->addWidget(m_mode);
    return box;
}

void TransportBar::showClock() {
    const lab::clock_info& clock = m_session.state().clock();
    const bool isVirtual = clock.mode == lab::clock_mode::virtual_time;
    const int doubling = static_cast<int>(std::lround(std::log2(clock.speed)));
    if (!m_speed->isSliderDown()) {
        const QSignalBlocker quiet(m_speed);
        m_speed->setValue(doubling);
        m_speedText->setText(speedText(m_speed->value()));
    }
    const QString oneSpeed = m_clock.whyOneSpeed();
    m_speed->setEnabled(oneSpeed.isEmpty());
    m_speed->setToolTip(oneSpeed.isEmpty() ? tr("Speed of the virtual clock (Ctrl+Up, Ctrl+Down)")
                                           : oneSpeed);
    m_mode->setEnabled(m_session.whyNotNow().isEmpty());
    m_mode->setCurrentIndex(isVirtual ? 0 : 1);
    showTime();
}

void TransportBar::showTime() {
    m_time->setText(LabText::moment(m_session.state().now()));
}
