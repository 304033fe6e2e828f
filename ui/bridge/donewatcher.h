// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/done_fd.h"

#include <QObject>
#include <QSocketNotifier>

namespace ctxqt {

/// A signal for the end of a context.
///
///     auto* watcher = new ctxqt::DoneWatcher(request, this);
///     connect(watcher, &ctxqt::DoneWatcher::done, this, [=] {
///         label->setText(QString::fromStdString(ctx::cause(watcher->context()).text()));
///     });
///
/// done() is emitted once, in the thread that the object lives in, from its event loop: also for a context
/// that is done already, so there is time to connect. No thread is started for it.
///
/// Thread safety: as a QObject; the context may end in any thread. Lifetime: it keeps the context alive, and
/// may be destroyed at any time.
class DoneWatcher : public QObject {
    Q_OBJECT
  public:
    /// Throws std::system_error when the process has no descriptor left.
    explicit DoneWatcher(const ctx::context& context, QObject* parent = nullptr);

    const ctx::context& context() const { return m_context; }

  Q_SIGNALS:
    void done();

  private:
    const ctx::context m_context;
    const ctx::done_fd m_ended;
    QSocketNotifier m_notifier; // its child: it moves to another thread together with it
};

} // namespace ctxqt
