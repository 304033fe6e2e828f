// SPDX-License-Identifier: MIT
#pragma once

#include <QLineEdit>

#include <chrono>
#include <optional>

/// A field for a duration in Go's form: `1.5s`, `300ms`, `1h30m`. Marks itself while what stands in it is
/// none.
class DurationEdit : public QLineEdit {
    Q_OBJECT
  public:
    enum class Need { Required, Optional };

    explicit DurationEdit(Need need, const QString& text = {}, QWidget* parent = nullptr);

    /// Zero and negative lengths make a context that is born done: allowed where that teaches something.
    void setNegativeAllowed(bool allowed);
    std::optional<std::chrono::nanoseconds> duration() const;
    /// What is wrong, in one sentence; empty when nothing is.
    QString problem() const;
    bool isAcceptable() const { return problem().isEmpty(); }

  private:
    void mark();

    Need m_need;
    bool m_negativeAllowed = false;
};
