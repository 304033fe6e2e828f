// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

/// A piece of work on a thread of its own, which tells how far it is and can be given up.
///
///     auto* errand = new Errand(this);
///     errand->start([file](Errand::Progress& progress) -> Errand::Then {
///         auto read = std::make_shared<Log>(readLog(file, progress));
///         return [this, read] { show(read); };      // on the GUI thread
///     });
///
/// Thread safety: GUI thread, but for Progress. Lifetime: its end gives the work up, and waits for it to
/// notice; what it has not handed over by then is dropped.
class Errand : public QObject {
    Q_OBJECT
  public:
    /// What the work sees of it. Any thread.
    class Progress {
      public:
        /// False: nobody wants it any more, and it should end soon.
        bool isWanted() const { return !m_givenUp.load(std::memory_order_relaxed); }
        /// From 0 to 1.
        void report(double part) { m_part.store(part, std::memory_order_relaxed); }

      private:
        friend class Errand;
        std::atomic<bool> m_givenUp{false};
        std::atomic<double> m_part{-1};
    };

    /// Done on the GUI thread with what the work came to, unless it was given up; may be empty.
    using Then = std::function<void()>;
    using Work = std::function<Then(Progress&)>;

    explicit Errand(QObject* parent = nullptr);
    ~Errand() override;

    /// Once. The work must not throw.
    void start(Work work);
    void giveUp();
    bool isRunning() const { return m_running; }
    /// Below 0: it has not said how far it is.
    double part() const { return m_progress->m_part.load(std::memory_order_relaxed); }

  signals:
    /// It is over, done or given up; before Then.
    void finished();

  private:
    std::shared_ptr<Progress> m_progress;
    std::thread m_thread;
    bool m_running = false;
};
