// SPDX-License-Identifier: MIT
#pragma once

#include "history.h"
#include "selection.h"

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

/// The window's cursor into a log: into the laboratory's, whose end it drains in batches at 60 Hz, or into a
/// recording's. Shows the end of it, which is live, or any moment of the past. It carries the selection.
/// Views draw state() and send commands through post(); nothing in the window touches a live context.
///
/// Thread safety: GUI thread only. Replies arrive from the laboratory's thread through a mailbox.
/// Lifetime: may die before its laboratory; replies that come later are dropped.
class SessionModel : public QObject {
    Q_OBJECT
  public:
    explicit SessionModel(lab::laboratory& laboratory, QObject* parent = nullptr);
    ~SessionModel() override;

    /// The picture that is shown: of this moment, or of one in the past.
    const lab::state& state() const { return m_shown; }
    /// The picture at the end of the life that is shown.
    const lab::state& whole() const { return live() ? m_shown : m_whole; }

    /// What is shown is the laboratory as it is now.
    bool live() const { return m_cursor == 0; }
    /// What is shown comes from a file.
    bool recorded() const { return m_recorded != nullptr; }
    /// For those who read it on another thread; null without one.
    std::shared_ptr<const History> recording() const { return m_recorded; }
    /// Of the recording; empty without one.
    const QString& recordingTitle() const { return m_title; }
    /// Why nothing can be done to what is shown; empty: it can.
    QString whyNotNow() const;

    /// The log that is shown, and that of the laboratory.
    const History& history() const { return m_recorded ? *m_recorded : m_log; }
    const History& liveHistory() const { return m_log; }
    /// The life that is shown, up to its end.
    const History::Life& shownLife() const { return m_life; }
    /// The last event of the picture that is shown; 0: none has been read.
    std::uint64_t shownSeq() const { return live() ? m_life.last : m_cursor; }

    Selection selection() const { return m_selection; }
    bool held() const;
    lab::laboratory& laboratory() { return m_laboratory; }

    /// onReply runs on the GUI thread, after the events that the command caused were folded in. A refusal
    /// without an onReply is shown through refused().
    void post(lab::command command, std::function<void(const lab::reply&)> onReply = {});

    /// Shows a log that was read from a file instead of the laboratory's, which goes on meanwhile.
    void openRecording(std::shared_ptr<const History> recording, const QString& title);

    /// Shows the picture after an event of the shown log, also of an earlier life of it.
    void showMoment(std::uint64_t seq);
    /// The same, but at a time between two events: the last one before it. Beyond the end of a life that
    /// goes on, this is live.
    void showTime(lab::lab_time at);

  public slots:
    /// Back to the laboratory, as it is now.
    void showLive();
    void select(Selection selection);
    /// Drains everything that is in the log now; for tests and screenshots.
    void drain();

  signals:
    /// What is shown has changed: a batch of events was folded in, or another moment is shown.
    void changed();
    /// Events were added to the laboratory's log, whatever is shown.
    void logGrew();
    /// Another moment is shown, or the present again.
    void momentChanged();
    /// Contexts were added or swept: trees must be laid out again.
    void shapeChanged();
    /// The laboratory's time moved; at most 60 times a second, only while it runs.
    void ticked();
    /// A step has stopped inside the library, or was let go.
    void heldChanged(bool held);
    /// Another life is shown: forget everything, or, if it plays the same scenario with the same seed as the
    /// one before, only what went from event to event.
    void restarted(bool resembles);
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
    void follow();
    void moveTo(std::uint64_t seq, lab::lab_time now);
    void present(lab::state shown, History::Life life, bool otherLife);
    void deliver(std::chrono::nanoseconds limit);
    void dropSelectionThatIsGone();

    lab::laboratory& m_laboratory;
    History m_log;
    std::shared_ptr<const History> m_recorded;
    QString m_title;
    lab::state m_shown;
    lab::state m_whole;         ///< while the past is shown
    History::Life m_life;       ///< shown
    std::uint64_t m_cursor = 0; ///< the event whose moment is shown; 0: the present
    Selection m_selection;
    bool m_wasHeld = false;
    QTimer m_timer;
    std::shared_ptr<Mailbox> m_mailbox;
    std::deque<Pending> m_pending; ///< replies whose events are still to be read
};
