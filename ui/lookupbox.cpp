// SPDX-License-Identifier: MIT
#include "lookupbox.h"

#include "canvas/icons.h"
#include "labtext.h"
#include "links.h"
#include "section.h"
#include "type.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QToolButton>
#include <QVBoxLayout>

LookupBox::LookupBox(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_key(new QLineEdit(this)), m_answer(new QLabel(this)),
      m_path(Links::makeLabel(session, this)) {
    m_key->setObjectName(QStringLiteral("lookupKey"));
    m_key->setPlaceholderText(tr("a key, then Return"));
    m_key->setAccessibleName(tr("Key to look up"));
    m_key->setClearButtonEnabled(true);
    plainSideButtons(m_key);
    Type::use(m_key, Type::Rank::Code);
    auto* go = new QToolButton(this);
    go->setIcon(Icons::icon(QStringLiteral("lookup")));
    go->setToolTip(tr("Ask the context for the key's value"));
    go->setAccessibleName(tr("Look up"));
    m_answer->setWordWrap(true);
    m_answer->setMinimumWidth(1);
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_key, 1);
    row->addWidget(go);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(5);
    column->addWidget(makeHeading(tr("Value(key)"), this));
    column->addLayout(row);
    column->addWidget(m_answer);
    column->addWidget(m_path);
    connect(m_key, &QLineEdit::returnPressed, this, &LookupBox::ask);
    connect(m_key, &QLineEdit::textEdited, this, &LookupBox::clear);
    connect(go, &QToolButton::clicked, this, &LookupBox::ask);
    clear();
}

void LookupBox::setContext(lab::id_t context) {
    if (context == m_context) return;
    m_context = context;
    clear();
}

void LookupBox::clear() {
    m_answer->clear();
    m_path->clear();
    m_answer->hide();
    m_path->hide();
}

void LookupBox::ask() {
    const QString key = m_key->text();
    if (key.isEmpty() || m_context == 0) return;
    const auto answer = [self = QPointer<LookupBox>(this), asked = m_context, key](const lab::reply& reply) {
        if (self) self->showAnswer(asked, key, reply);
    };
    m_session.post(lab::look_up_value{.context = m_context, .key = key.toStdString()}, answer);
}

void LookupBox::showAnswer(lab::id_t asked, const QString& key, const lab::reply& reply) {
    if (asked != m_context) return;
    QString text;
    if (!reply.ok())
        text = LabText::of(reply.error);
    else if (reply.found)
        text = tr("\"%1\", found on the way up:").arg(LabText::of(reply.value));
    else
        text = tr("nil: nobody on the way up has the key \"%1\".").arg(key);
    m_answer->setText(text);
    m_path->setText(
        Links::chips(m_session.state(), Selection::Sort::Context, reply.path, QStringLiteral(" →")));
    m_answer->show();
    m_path->setVisible(!reply.path.empty());
}
