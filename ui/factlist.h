// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QWidget>

class ElidedLabel;
class QGridLayout;
class QLabel;

/// Names on the left, values on the right, one line each. The rows are fixed when it is made: a value that is
/// not there is a dash, so that rows do not jump while contexts come and go.
class FactList : public QWidget {
    Q_OBJECT
  public:
    explicit FactList(QWidget* parent = nullptr);

    /// `name` may be an API name, shown in code type.
    void addRow(const QString& key, const QString& name, bool code = true);
    /// With an `href` the value is a link.
    void set(const QString& key, const QString& value, const QString& href = {});
    QString value(const QString& key) const;

  signals:
    void linkActivated(const QString& href);

  private:
    QGridLayout* m_grid = nullptr;
    QHash<QString, ElidedLabel*> m_values;
};
