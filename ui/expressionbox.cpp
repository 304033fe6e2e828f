// SPDX-License-Identifier: MIT
#include "expressionbox.h"

#include "canvas/icons.h"
#include "section.h"
#include "type.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QRegularExpression>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace {

QToolButton* flatButton(const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setProperty("flat", true);
    Type::use(button, Type::Rank::Small);
    return button;
}

QString settingsKey() {
    return QStringLiteral("inspector/language");
}

/// The call stands out; the rest is plain code.
QString highlighted(const QString& code) {
    static const QRegularExpression call(QStringLiteral("(context\\.\\w+|ctx::\\w+)"));
    QString html = code.toHtmlEscaped();
    html.replace(call, QStringLiteral("<span style=\"color:%1\">\\1</span>").arg(theme().accent.name()));
    return html;
}

} // namespace

ExpressionBox::ExpressionBox(QWidget* parent)
    : QWidget(parent), m_go(flatButton(QStringLiteral("Go"), this)),
      m_cpp(flatButton(QStringLiteral("C++"), this)), m_code(new QLabel(this)) {
    auto* both = new QButtonGroup(this);
    for (QToolButton* button : {m_go, m_cpp}) {
        button->setCheckable(true);
        both->addButton(button);
    }
    auto* copy = flatButton({}, this);
    copy->setIcon(Icons::icon(QStringLiteral("copy"), Icons::Tint::Muted));
    copy->setToolTip(tr("Copy the expression"));
    copy->setAccessibleName(tr("Copy the expression"));
    m_code->setProperty("code", true);
    m_code->setWordWrap(true);
    m_code->setTextFormat(Qt::RichText);
    m_code->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse);
    Type::use(m_code, Type::Rank::Code);
    // Two lines always: what lies below does not move from one context to the next.
    m_code->setMinimumHeight(m_code->fontMetrics().lineSpacing() * 2 + 22);

    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    row->addWidget(makeHeading(tr("Expression"), this), 1);
    row->addWidget(m_go);
    row->addWidget(m_cpp);
    row->addWidget(copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_code);

    connect(m_go, &QToolButton::clicked, this, [this] { setLanguage(Language::Go); });
    connect(m_cpp, &QToolButton::clicked, this, [this] { setLanguage(Language::Cpp); });
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(expression(m_derivation, m_language)); });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &ExpressionBox::showCode);
    setLanguage(QSettings().value(settingsKey()).toString() == QLatin1String("cpp") ? Language::Cpp
                                                                                    : Language::Go);
}

void ExpressionBox::setDerivation(const Derivation& derivation) {
    m_derivation = derivation;
    showCode();
}

void ExpressionBox::setLanguage(Language language) {
    m_language = language;
    m_go->setChecked(language == Language::Go);
    m_cpp->setChecked(language == Language::Cpp);
    QSettings().setValue(settingsKey(),
                         language == Language::Go ? QStringLiteral("go") : QStringLiteral("cpp"));
    showCode();
}

void ExpressionBox::showCode() {
    m_code->setText(highlighted(expression(m_derivation, m_language)));
}
