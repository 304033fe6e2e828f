// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/compare.h"
#endif

#include <QAbstractItemModel>
#include <QStringList>

#include <cstdint>
#include <vector>

/// A comparison as rows: a thing with its fate on either side, and below it what can be said of it. The first
/// row is both runs as a whole.
class CompareModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column { What, Left, Right, ColumnCount };

    CompareModel(QString left, QString right, QObject* parent = nullptr);

    void setComparison(lab::comparison comparison);
    const lab::comparison& comparison() const { return m_comparison; }
    void setOnlyDifferences(bool only);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Null for the runs as a whole.
    const lab::compared* thingAt(const QModelIndex& index) const;

  private:
    /// An index into things, or the whole.
    static constexpr std::size_t whole = SIZE_MAX;
    struct Row {
        std::size_t thing = whole;
        std::vector<std::size_t> facts; ///< of those, the ones that are shown
    };

    void select();
    const std::vector<lab::fact>& factsOf(std::size_t thing) const;
    QVariant thingText(const lab::compared& thing, int column) const;
    bool differs(const QModelIndex& index) const;

    lab::comparison m_comparison;
    std::vector<lab::fact> m_whole;
    QString m_left;
    QString m_right;
    bool m_onlyDifferences = true;
    std::vector<Row> m_rows;
};
