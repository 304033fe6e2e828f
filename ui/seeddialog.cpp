// SPDX-License-Identifier: MIT
#include "seeddialog.h"

#include "scenarios.h"
#include "type.h"

#include <QLineEdit>

SeedDialog::SeedDialog(SessionModel& session, Scenarios& scenarios, QWidget* window)
    : FormDialog(session, tr("Choose the seed"), tr("Start again"), window), m_scenarios(scenarios),
      m_seed(new QLineEdit(QString::number(session.state().seed()), this)) {
    m_seed->setObjectName(QStringLiteral("seed"));
    Type::use(m_seed, Type::Rank::Code);
    addField(tr("&Seed"), m_seed);
    setIntro(tr(
        "A seed decides what Go leaves open: in which order siblings are cancelled, which case of a select "
        "wins, which of several ready workers goes first. The same seed gives the same run."));
    resize(460, 240);
    m_seed->setFocus();
    m_seed->selectAll();
}

std::optional<lab::command> SeedDialog::command() {
    bool good = false;
    const qlonglong seed = m_seed->text().trimmed().toLongLong(&good);
    if (!good) {
        showProblem(tr("“%1” is no seed: a whole number of up to 18 digits is.").arg(m_seed->text()), m_seed);
        return {};
    }
    return lab::reset_lab{.with = m_scenarios.take(seed)};
}
