// SPDX-License-Identifier: MIT
#include "futures.h"

#include "ctx/after_func.h"

#include <QPromise>

#include <memory>

namespace ctxqt {

QFuture<void> doneFuture(const ctx::context& context) {
    const auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    QFuture<void> future = promise->future();
    if (context.err())
        promise->finish();
    else
        ctx::after_func(context, [promise] { promise->finish(); });
    return future;
}

QFuture<void> cancellableFuture(const ctx::cancelable& made, QObject* owner) {
    QFuture<void> future = doneFuture(made.context);
    cancelWith(future, made.cancel, owner);
    return future;
}

} // namespace ctxqt
