// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;

/// Who ended a context: the call, the way it came with the time of each hop, and how long each worker needed
/// to notice and to leave. Hidden while the context is not done.
class BlameBox : public QWidget {
    Q_OBJECT
  public:
    explicit BlameBox(SessionModel& session, QWidget* parent = nullptr);

    void display(const lab::context_info& context);

    /// What it says, without links; for tests.
    QString text() const;

  private:
    struct Shown {
        lab::id_t context = 0;
        std::uint64_t doneSeq = 0;
        std::uint64_t life = 0;
        friend bool operator==(const Shown&, const Shown&) = default;
    };

    void refresh();

    SessionModel& m_session;
    QLabel* m_caller = nullptr;
    QLabel* m_way = nullptr;
    QLabel* m_workers = nullptr;
    std::optional<Shown> m_shown;
    std::uint64_t m_seq = 0; ///< of the picture that was looked at
    QTimer m_soon;           ///< workers notice and leave one by one: not at each of them
};
