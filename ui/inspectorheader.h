// SPDX-License-Identifier: MIT
#pragma once

#include "statepill.h"

class ElidedLabel;

/// What stands on top of every inspector page: the name, what it is, and its state.
class InspectorHeader : public QWidget {
    Q_OBJECT
  public:
    explicit InspectorHeader(QWidget* parent = nullptr);

    void set(const QString& name, const QString& what, Mark mark, const QString& state);

  private:
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_what = nullptr;
    StatePill* m_pill = nullptr;
};
