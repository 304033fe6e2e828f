// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"

#include <QFuture>
#include <QFutureWatcher>

/// Contexts as futures, and futures that cancel contexts.
///
///     ctxqt::doneFuture(request).then(this, [this] { showDone(); });       // in the thread of `this`
///
///     auto [c, cancel] = ctx::with_cancel(request);
///     QFuture<QImage> image = QtConcurrent::run(render, c);
///     ctxqt::cancelWith(image, cancel, this);                              // image.cancel() cancels c
///
///     QFuture<void> both = ctxqt::cancellableFuture(ctx::with_timeout(request, 5s), this);
///
/// Thread safety: every function may be called from any thread, those with an owner from the owner's.
/// Lifetime: see each function.
namespace ctxqt {

/// Finishes when `context` is done: at once if it is done already, else a moment later, from the thread in
/// which an after_func runs. Finishes as canceled if that can never be: if the context goes without having
/// been done, and at once for Background. Cancelling the future does nothing to the context. Registered with
/// the context until that is done.
QFuture<void> doneFuture(const ctx::context& context);

/// Calls `cancel` when somebody cancels the future. It happens in the event loop of the owner's thread, as
/// long as the owner lives; a future that finishes is forgotten.
template <class T>
void cancelWith(const QFuture<T>& future, const ctx::cancel_func& cancel, QObject* owner) {
    auto* watcher = new QFutureWatcher<T>(owner);
    QObject::connect(watcher, &QFutureWatcher<T>::canceled, watcher, [cancel] { cancel(); });
    QObject::connect(watcher, &QFutureWatcher<T>::finished, watcher, &QObject::deleteLater);
    watcher->setFuture(future);
}

/// Finishes when the context is done, and cancels it when it is cancelled itself.
QFuture<void> cancellableFuture(const ctx::cancelable& made, QObject* owner);

} // namespace ctxqt
