// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/laboratory.h"
#endif

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What the panels share: one thing, of one of four sorts, or nothing.
struct Selection {
    enum class Sort { None, Context, Worker, Request, Client };
    Sort sort = Sort::None;
    lab::id_t id = 0;
    friend bool operator==(const Selection&, const Selection&) = default;
};

/// The window's cursor into the laboratory's event log. Drains the log in batches at 60 Hz, folds it to a
/// lab::state, and carries the selection. Views draw state() and send commands through post(); nothing in the
/// window touches a live context.
///
/// Thread safety: GUI thread only. Replies arrive from the laboratory's thread through a mailbox.
/// Lifetime: may die before its laboratory; replies that come later are dropped.
class SessionModel : public QObject {
    Q_OBJECT
  public:
    explicit SessionModel(lab::laboratory& laboratory, QObject* parent = nullptr);
    ~SessionModel() override;

    const lab::state& state() const { return m_state; }
    /// Every event since the last reset, in order; events()[i].seq grows by one.
    const std::deque<lab::event>& events() const { return m_events; }
    /// What events()[i] was, in words, as it read at that moment: a name may be swept away later.
    const std::string& sentence(std::size_t i) const { return m_sentences[i]; }
    Selection selection() const { return m_selection; }
    bool held() const;
    lab::laboratory& laboratory() { return m_laboratory; }

    /// onReply runs on the GUI thread, after the events that the command caused were folded in. A refusal
    /// without an onReply is shown through refused().
    void post(lab::command command, std::function<void(const lab::reply&)> onReply = {});

  public slots:
    void select(Selection selection);
    /// Drains everything that is in the log now; for tests and screenshots.
    void drain();

  signals:
    /// After a batch of events was folded in.
    void changed();
    /// Contexts were added or swept: trees must be laid out again.
    void shapeChanged();
    /// The laboratory's time moved; at most 60 times a second, only while it runs.
    void ticked();
    /// A step has stopped inside the library, or was let go.
    void heldChanged(bool held);
    /// A reset: forget everything.
    void restarted();
    void selectionChanged(Selection selection);
    void refused(const QString& reason);

  private:
    struct Mailbox;
    using OnReply = std::function<void(const lab::reply&)>;
    struct Pending {
        OnReply onReply;
        lab::reply reply;
        std::uint64_t afterSeq = 0;
    };

    void frame();
    bool readFor(std::chrono::nanoseconds limit);
    void fold(std::vector<lab::event> batch);
    void announce(std::uint64_t shapeBefore);
    void deliver(std::chrono::nanoseconds limit);
    void dropSelectionThatIsGone();

    lab::laboratory& m_laboratory;
    lab::state m_state;
    std::deque<lab::event> m_events;
    std::deque<std::string> m_sentences;
    std::uint64_t m_seen = 0;
    Selection m_selection;
    bool m_wasHeld = false;
    QTimer m_timer;
    std::shared_ptr<Mailbox> m_mailbox;
    std::deque<Pending> m_pending; ///< replies whose events are still to be read
};
