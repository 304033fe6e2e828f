// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <vector>

/// Which scenario the laboratory runs, and the ones it can be given.
class Scenarios : public QObject {
    Q_OBJECT
  public:
    explicit Scenarios(SessionModel& session, QObject* parent = nullptr);

    const std::vector<std::shared_ptr<const lab::scenario>>& shipped() const { return m_shipped; }
    /// An index into shipped(), or -1: something else, or nothing.
    int currentShipped() const;
    /// The title of what runs; empty in an empty laboratory.
    QString title() const;
    /// What the laboratory plays; null in an empty one that was not given a seed.
    std::shared_ptr<const lab::scenario> running() const;
    /// The same with another seed, which restart() will begin with too.
    std::shared_ptr<const lab::scenario> take(std::int64_t seed);

  public slots:
    /// An empty laboratory.
    void openNothing();
    void openShipped(int index);
    /// Reads the file; failed() says what is wrong with it.
    void openFile(const QString& file);
    void open(std::shared_ptr<const lab::scenario> scenario);
    /// It runs already: somebody else has begun it.
    void adopt(std::shared_ptr<const lab::scenario> scenario) { m_current = std::move(scenario); }
    /// What runs now, from its beginning, with that seed.
    void openWithSeed(std::int64_t seed);
    /// What runs now, from its beginning.
    void restart();

  signals:
    void failed(const QString& reason);
    void changed();

  private:
    SessionModel& m_session;
    std::vector<std::shared_ptr<const lab::scenario>> m_shipped;
    std::shared_ptr<const lab::scenario> m_current;
};
