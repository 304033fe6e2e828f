// SPDX-License-Identifier: MIT
#include "expressionbox.h"

#include "canvas/icons.h"
#include "codebox.h"
#include "section.h"
#include "type.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace {

QToolButton* smallButton(const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    Type::use(button, Type::Rank::Small);
    return button;
}

QString settingsKey() {
    return QStringLiteral("inspector/language");
}

} // namespace

ExpressionBox::ExpressionBox(QWidget* parent)
    : QWidget(parent), m_go(smallButton(QStringLiteral("Go"), this)),
      m_cpp(smallButton(QStringLiteral("C++"), this)), m_code(new CodeBox(CodeBox::Frame::Boxed, this)) {
    auto* both = new QButtonGroup(this);
    for (QToolButton* button : {m_go, m_cpp}) {
        button->setCheckable(true);
        both->addButton(button);
    }
    auto* copy = smallButton({}, this);
    copy->setProperty("flat", true);
    copy->setIcon(Icons::icon(QStringLiteral("copy"), Icons::Tint::Muted));
    copy->setToolTip(tr("Copy the expression"));
    copy->setAccessibleName(tr("Copy the expression"));
    m_code->reserveLines(2);

    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(makeHeading(tr("Expression"), this), 1);
    row->addWidget(m_go);
    row->addWidget(m_cpp);
    row->addWidget(copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_code);

    connect(m_go, &QToolButton::clicked, this, [this] { choose(Language::Go); });
    connect(m_cpp, &QToolButton::clicked, this, [this] { choose(Language::Cpp); });
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(expression(m_derivation, m_language)); });
    setLanguage(QSettings().value(settingsKey()).toString() == QLatin1String("cpp") ? Language::Cpp
                                                                                    : Language::Go);
}

void ExpressionBox::setDerivation(const Derivation& derivation) {
    m_derivation = derivation;
    showCode();
}

void ExpressionBox::choose(Language language) {
    setLanguage(language);
    QSettings().setValue(settingsKey(),
                         language == Language::Go ? QStringLiteral("go") : QStringLiteral("cpp"));
}

void ExpressionBox::setLanguage(Language language) {
    m_language = language;
    m_go->setChecked(language == Language::Go);
    m_cpp->setChecked(language == Language::Cpp);
    showCode();
}

void ExpressionBox::showCode() {
    m_code->setCode(expression(m_derivation, m_language));
}
