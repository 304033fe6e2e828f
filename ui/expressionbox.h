// SPDX-License-Identifier: MIT
#pragma once

#include "expression.h"

#include <QWidget>

class CodeBox;
class QToolButton;

/// The expression that makes a context, in Go or in C++, with a button that copies it.
class ExpressionBox : public QWidget {
    Q_OBJECT
  public:
    explicit ExpressionBox(QWidget* parent = nullptr);

    void setDerivation(const Derivation& derivation);
    Language language() const { return m_language; }

  private:
    /// Somebody wants this language, now and next time.
    void choose(Language language);
    void setLanguage(Language language);
    void showCode();

    Derivation m_derivation;
    Language m_language = Language::Go;
    QToolButton* m_go = nullptr;
    QToolButton* m_cpp = nullptr;
    CodeBox* m_code = nullptr;
};
