// SPDX-License-Identifier: MIT
#pragma once

#include "statepill.h"

class ElidedLabel;

/// What stands on top of every inspector page: the name, what it is, and its state.
class InspectorHeader : public QWidget {
    Q_OBJECT
  public:
    explicit InspectorHeader(QWidget* parent = nullptr);

    void set(const QString& name, const QString& kind, const QString& number, const Badge& badge,
             const QString& state);

  private:
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_kind = nullptr;
    ElidedLabel* m_number = nullptr;
    StatePill* m_pill = nullptr;
};
