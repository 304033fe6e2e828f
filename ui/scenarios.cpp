// SPDX-License-Identifier: MIT
#include "scenarios.h"

#include "labtext.h"

#include <QPointer>

#include <algorithm>
#include <filesystem>

Scenarios::Scenarios(SessionModel& session, QObject* parent) : QObject(parent), m_session(session) {
    for (lab::scenario& s : lab::shipped_scenarios())
        m_shipped.push_back(std::make_shared<const lab::scenario>(std::move(s)));
    connect(&m_session, &SessionModel::restarted, this, &Scenarios::changed);
}

int Scenarios::currentShipped() const {
    const auto found = std::find_if(m_shipped.begin(), m_shipped.end(), [this](const auto& s) {
        return s->name == m_session.state().scenario();
    });
    return found == m_shipped.end() ? -1 : static_cast<int>(found - m_shipped.begin());
}

QString Scenarios::title() const {
    if (const int i = currentShipped(); i >= 0)
        return LabText::of(m_shipped[static_cast<std::size_t>(i)]->title);
    return LabText::of(m_session.state().scenario());
}

std::shared_ptr<const lab::scenario> Scenarios::running() const {
    return m_session.laboratory().inputs().with;
}

std::shared_ptr<const lab::scenario> Scenarios::take(std::int64_t seed) {
    const auto now = running();
    auto with = now ? std::make_shared<lab::scenario>(*now) : std::make_shared<lab::scenario>();
    with->seed = seed;
    m_current = std::move(with);
    return m_current;
}

void Scenarios::openNothing() {
    open(nullptr);
}

void Scenarios::openShipped(int index) {
    if (index >= 0 && index < static_cast<int>(m_shipped.size()))
        open(m_shipped[static_cast<std::size_t>(index)]);
}

void Scenarios::openFile(const QString& file) {
    try {
        open(std::make_shared<const lab::scenario>(
            lab::load_scenario(std::filesystem::path(file.toStdU16String()))));
    } catch (const lab::input_error& e) {
        emit failed(LabText::of(e.what()));
    }
}

void Scenarios::openWithSeed(std::int64_t seed) {
    open(take(seed));
}

void Scenarios::open(std::shared_ptr<const lab::scenario> scenario) {
    m_current = std::move(scenario);
    restart();
}

void Scenarios::restart() {
    m_session.post(lab::reset_lab{.with = m_current},
                   [self = QPointer<Scenarios>(this)](const lab::reply& reply) {
                       if (self && !reply.ok()) emit self->failed(LabText::of(reply.error));
                   });
}
