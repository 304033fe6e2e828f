// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QThreadPool>

#include <memory>
#include <utility>

/// Work that may take longer than a frame. It is done on a thread of its own, one after the other, and its
/// result comes back to the thread of this object.
///
///     m_background.run([log] { return lab::compare(...); }, [this](lab::comparison c) { show(c); });
///
/// Lifetime: when this ends, it waits for the work in hand; results that have not arrived are dropped.
class Background : public QObject {
  public:
    explicit Background(QObject* parent = nullptr) : QObject(parent) { m_pool.setMaxThreadCount(1); }
    ~Background() override { m_pool.waitForDone(); }

    template <class Work, class Then>
    void run(Work work, Then then) {
        m_pool.start([this, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(
                this, [result, then = std::move(then)]() mutable { then(std::move(*result)); },
                Qt::QueuedConnection);
        });
    }

  private:
    QThreadPool m_pool;
};
