// SPDX-License-Identifier: MIT
#include "donewatcher.h"

namespace ctxqt {

DoneWatcher::DoneWatcher(const ctx::context& context, QObject* parent)
    : QObject(parent), m_context(context), m_ended(context),
      m_notifier(m_ended.get(), QSocketNotifier::Read, this) {
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        m_notifier.setEnabled(false); // it stays readable for ever
        Q_EMIT done();
    });
}

} // namespace ctxqt
