// SPDX-License-Identifier: MIT
#include "formdialog.h"

#include "labtext.h"
#include "type.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

FormDialog::FormDialog(SessionModel& session, const QString& title, const QString& verb, QWidget* parent)
    : QDialog(parent), m_session(session), m_intro(new QLabel(this)), m_form(new QFormLayout),
      m_code(new QLabel(this)), m_problem(new QLabel(this)) {
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    m_intro->setWordWrap(true);
    m_intro->setProperty("muted", true);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_code->setProperty("code", true);
    m_code->setTextFormat(Qt::PlainText);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_code->setWordWrap(true);
    Type::use(m_code, Type::Rank::Code);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Room for two lines, so that the dialog does not jump when something is wrong.
    m_problem->setMinimumHeight(m_problem->fontMetrics().height() * 2 + 4);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_accept = buttons->addButton(verb, QDialogButtonBox::AcceptRole);
    m_accept->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &FormDialog::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(12);
    column->addWidget(m_intro);
    column->addLayout(m_form);
    column->addStretch(1);
    column->addWidget(m_code);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    m_code->hide();
}

void FormDialog::setIntro(const QString& text) {
    m_intro->setText(text);
}

void FormDialog::addField(const QString& label, QWidget* field) {
    auto* name = new QLabel(label, this);
    name->setBuddy(field);
    name->setMinimumWidth(labelWidth);
    m_form->addRow(name, field);
    if (auto* line = qobject_cast<QLineEdit*>(field))
        connect(line, &QLineEdit::textChanged, this, [this] {
            clearProblem();
            refresh();
        });
    if (auto* box = qobject_cast<QComboBox*>(field))
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            clearProblem();
            refresh();
        });
}

void FormDialog::setFieldVisible(QWidget* field, bool visible) {
    m_form->setRowVisible(field, visible);
}

void FormDialog::setCode(const QString& code) {
    m_code->setText(code);
    m_code->setVisible(!code.isEmpty());
}

void FormDialog::reserveCodeLines(int lines) {
    m_code->setMinimumHeight(m_code->fontMetrics().lineSpacing() * lines + 22);
    m_code->setAlignment(Qt::AlignLeft | Qt::AlignTop);
}

void FormDialog::addBlock(QWidget* block) {
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(column->indexOf(m_code) - 1, block);
}

void FormDialog::showProblem(const QString& text, QWidget* at) {
    m_problem->setText(text);
    if (at) at->setFocus(Qt::OtherFocusReason);
}

void FormDialog::clearProblem() {
    m_problem->clear();
}

void FormDialog::submit() {
    clearProblem();
    auto asked = command();
    if (!asked) return;
    m_accept->setEnabled(false);
    m_session.post(std::move(*asked), [self = QPointer<FormDialog>(this)](const lab::reply& reply) {
        if (self) self->onReply(reply);
    });
}

void FormDialog::onReply(const lab::reply& reply) {
    m_accept->setEnabled(true);
    if (!reply.ok()) {
        showProblem(LabText::of(reply.error));
        return;
    }
    emit completed(reply.id);
    accept();
}
