// SPDX-License-Identifier: MIT
#include "errand.h"

Errand::Errand(QObject* parent) : QObject(parent), m_progress(std::make_shared<Progress>()) {}

Errand::~Errand() {
    giveUp();
    if (m_thread.joinable()) m_thread.join();
}

void Errand::start(Work work) {
    m_running = true;
    m_thread = std::thread([this, work = std::move(work), progress = m_progress] {
        Then then = work(*progress);
        // This outlives the thread, and Qt drops what is posted to an object that dies.
        QMetaObject::invokeMethod(
            this,
            [this, then = std::move(then)] {
                m_running = false;
                const bool wanted = m_progress->isWanted();
                emit finished();
                if (wanted && then) then();
            },
            Qt::QueuedConnection);
    });
}

void Errand::giveUp() {
    m_progress->m_givenUp.store(true, std::memory_order_relaxed);
}
