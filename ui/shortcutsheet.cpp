// SPDX-License-Identifier: MIT
#include "shortcutsheet.h"

#include "section.h"
#include "type.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace {

struct Row {
    QString keys;
    QString what;
};

QList<Row> rowsOf(const QList<QAction*>& actions) {
    QList<Row> rows;
    for (const QAction* action : actions)
        if (!action->shortcuts().isEmpty() && !action->shortcut().isEmpty()) {
            QString what = action->property("sheetText").toString();
            if (what.isEmpty()) what = action->text().remove(QLatin1Char('&')).remove(QChar(0x2026));
            rows += {action->shortcut()
                         .toString(QKeySequence::NativeText)
                         .replace(QLatin1String(", "), QLatin1String("  ")),
                     what};
        }
    return rows;
}

QWidget* makePart(const QString& title, const QList<Row>& rows, QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->addWidget(makeHeading(title, box), 0, 0, 1, 2);
    int line = 1;
    for (const Row& row : rows) {
        auto* keys = new QLabel(row.keys, box);
        Type::use(keys, Type::Rank::Code);
        keys->setMinimumWidth(120);
        grid->addWidget(keys, line, 0);
        grid->addWidget(new QLabel(row.what, box), line, 1);
        ++line;
    }
    return box;
}

} // namespace

ShortcutSheet::ShortcutSheet(const QList<Part>& parts, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setContentsMargins(4, 4, 12, 4);
    columns->setSpacing(36);
    QVBoxLayout* column[2] = {new QVBoxLayout, new QVBoxLayout};
    int heights[2] = {0, 0};
    const auto put = [&](const QString& title, const QList<Row>& rows) {
        const int shorter = heights[1] < heights[0] ? 1 : 0;
        column[shorter]->addWidget(makePart(title, rows, page));
        heights[shorter] += static_cast<int>(rows.size()) + 2;
    };
    for (const Part& part : parts) put(part.title, rowsOf(part.actions));
    put(tr("In the tree"), {{tr("Arrows"), tr("Walk: parent, first child, siblings")},
                            {tr("Return"), tr("Centre on the selected context")},
                            {tr("Ctrl+wheel"), tr("Zoom")},
                            {tr("Drag"), tr("Pan")}});
    put(tr("In the timeline"), {{tr("W  S"), tr("Zoom in and out")},
                                {tr("A  D"), tr("Pan")},
                                {tr("0"), tr("Show everything, and follow the clock")}});
    for (QVBoxLayout* c : column) {
        c->setSpacing(18);
        c->addStretch(1);
        columns->addLayout(c, 1);
    }
    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(page);
    auto* note = new QLabel(
        tr("Single letters, Space, Page Down and Del act only while the tree or the timeline has the "
           "keyboard."),
        this);
    note->setProperty("muted", true);
    note->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(20, 18, 20, 16);
    all->setSpacing(12);
    all->addWidget(area, 1);
    all->addWidget(note);
    all->addWidget(buttons);
    resize(880, 740);
}
