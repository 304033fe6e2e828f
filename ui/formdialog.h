// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QPushButton;

/// What the dialogs that send a command share: a line that says what is about to happen, fields, the code it
/// stands for, a place for what is wrong, and one button that Enter presses. It closes only when the
/// laboratory has accepted; a refusal is shown in it.
class FormDialog : public QDialog {
    Q_OBJECT
  public:
    FormDialog(SessionModel& session, const QString& title, const QString& verb, QWidget* parent);

  signals:
    /// The laboratory has done it. `id` is what it made, or 0.
    void completed(lab::id_t id);

  protected:
    /// The command that the fields describe; nothing, after showProblem(), when one of them is wrong.
    virtual std::optional<lab::command> command() = 0;
    /// Called when anything was typed or chosen.
    virtual void refresh() {}

    SessionModel& session() { return m_session; }
    QFormLayout* form() { return m_form; }
    void setIntro(const QString& text);
    /// refresh() runs whenever the field changes.
    void addField(const QString& label, QWidget* field);
    /// Of every label, so that fields in several blocks stand in one column.
    static constexpr int labelWidth = 92;
    void setFieldVisible(QWidget* field, bool visible);
    void setCode(const QString& code);
    /// Room for so many lines of code, whatever is shown.
    void reserveCodeLines(int lines);
    /// Goes between the fields and the code.
    void addBlock(QWidget* block);
    void showProblem(const QString& text, QWidget* at = nullptr);
    void clearProblem();
    QPushButton* acceptButton() { return m_accept; }

  private:
    void submit();
    void onReply(const lab::reply& reply);

    SessionModel& m_session;
    QLabel* m_intro = nullptr;
    QFormLayout* m_form = nullptr;
    QLabel* m_code = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_accept = nullptr;
};
