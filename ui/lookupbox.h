// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;

/// Asks a context for a key's value, and shows the way the question took from context to context.
class LookupBox : public QWidget {
    Q_OBJECT
  public:
    explicit LookupBox(SessionModel& session, QWidget* parent = nullptr);

    void setContext(lab::id_t context);

  private:
    void ask();
    void showAnswer(lab::id_t asked, const QString& key, const lab::reply& reply);
    void clear();

    SessionModel& m_session;
    lab::id_t m_context = 0;
    QLineEdit* m_key = nullptr;
    QLabel* m_answer = nullptr;
    QLabel* m_path = nullptr;
};
