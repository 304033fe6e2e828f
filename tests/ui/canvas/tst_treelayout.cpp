// SPDX-License-Identifier: MIT
#include "canvas/treelayout.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

class tst_treelayout : public QObject {
    Q_OBJECT
  private slots:
    void anEmptyForestHasNoColumns();
    void aParentIsCentredOnItsChildren();
    void cardsNeverOverlap_data();
    void cardsNeverOverlap();
    void columnsAreSortedAndEdgesDoNotCross_data() { cardsNeverOverlap_data(); }
    void columnsAreSortedAndEdgesDoNotCross();
    void aSubtreeFitsUnderAShallowSibling();
    void aNewLeafMovesOnlyItsAncestorsAndWhatIsBelow();
    void equalSubtreesLookEqual();
    void rootsAreStacked();
    void aHundredThousandDeepChainIsOneStraightLine();
    void aHundredThousandWideFanTakesOneRowEach();
};

namespace {

std::vector<int> randomTree(int n, int seed) {
    std::mt19937 random{std::mt19937::result_type(seed)};
    std::vector<int> parents{-1};
    for (int i = 1; i < n; ++i) {
        // A mix of bushes and chains.
        const int back = seed % 2 ? i : std::min(i, 8);
        parents.push_back(int(i - 1 - int(random() % unsigned(back))));
    }
    return parents;
}

} // namespace

void tst_treelayout::anEmptyForestHasNoColumns() {
    const TreeLayout l = layOutTree({});
    QVERIFY(l.columns.empty());
    QCOMPARE(l.rows, 0.0);
}

void tst_treelayout::aParentIsCentredOnItsChildren() {
    const std::vector<int> parents{-1, 0, 0, 0};
    const TreeLayout l = layOutTree(parents);
    QCOMPARE(l.row, (std::vector<double>{1, 0, 1, 2}));
    QCOMPARE(l.column, (std::vector<int>{0, 1, 1, 1}));
    QCOMPARE(l.rows, 3.0);
}

void tst_treelayout::cardsNeverOverlap_data() {
    QTest::addColumn<std::vector<int>>("parents");
    for (int seed = 1; seed <= 40; ++seed)
        QTest::addRow("random tree %d", seed) << randomTree(10 + seed * 17, seed);
}

void tst_treelayout::cardsNeverOverlap() {
    QFETCH(std::vector<int>, parents);
    const TreeLayout l = layOutTree(parents);
    std::size_t placed = 0;
    for (const auto& column : l.columns) {
        placed += column.size();
        for (std::size_t i = 1; i < column.size(); ++i)
            QVERIFY(l.row[std::size_t(column[i])] - l.row[std::size_t(column[i - 1])] >= 1 - 1e-9);
    }
    QCOMPARE(placed, parents.size());
    QCOMPARE(*std::min_element(l.row.begin(), l.row.end()), 0.0);
}

void tst_treelayout::columnsAreSortedAndEdgesDoNotCross() {
    QFETCH(std::vector<int>, parents);
    const TreeLayout l = layOutTree(parents);
    for (std::size_t c = 1; c < l.columns.size(); ++c)
        for (std::size_t i = 1; i < l.columns[c].size(); ++i) {
            const auto above = std::size_t(parents[std::size_t(l.columns[c][i - 1])]);
            const auto below = std::size_t(parents[std::size_t(l.columns[c][i])]);
            QVERIFY(l.row[above] <= l.row[below]);
        }
}

void tst_treelayout::aSubtreeFitsUnderAShallowSibling() {
    // 0 has 1 (with children 3, 4, 5) and 2, a leaf: 2 needs no row of its own below 5.
    const std::vector<int> parents{-1, 0, 0, 1, 1, 1};
    const TreeLayout l = layOutTree(parents);
    QCOMPARE(l.row[1], 1.0);
    QCOMPARE(l.row[2], 2.0);
}

void tst_treelayout::aNewLeafMovesOnlyItsAncestorsAndWhatIsBelow() {
    //   0 - 1 - 3,4    2 - 5,6   and then 7 below 2
    std::vector<int> parents{-1, 0, 0, 1, 1, 2, 2};
    const TreeLayout before = layOutTree(parents);
    parents.push_back(2);
    const TreeLayout after = layOutTree(parents);
    for (std::size_t unmoved : {1u, 3u, 4u, 5u, 6u}) QCOMPARE(after.row[unmoved], before.row[unmoved]);
    QVERIFY(std::abs(after.row[0] - before.row[0]) <= 0.5);
    QVERIFY(std::abs(after.row[2] - before.row[2]) <= 0.5);
}

void tst_treelayout::equalSubtreesLookEqual() {
    const std::vector<int> parents{-1, 0, 0, 1, 1, 3, 2, 2, 6};
    const TreeLayout l = layOutTree(parents);
    for (auto [a, b] : {std::pair(3u, 6u), std::pair(4u, 7u), std::pair(5u, 8u)})
        QCOMPARE(l.row[a] - l.row[1], l.row[b] - l.row[2]);
}

void tst_treelayout::rootsAreStacked() {
    const std::vector<int> parents{-1, -1, 0, 0, 1};
    const TreeLayout l = layOutTree(parents);
    QCOMPARE(l.column[0], 0);
    QCOMPARE(l.column[1], 0);
    QVERIFY(l.row[1] >= l.row[0] + 1);
}

void tst_treelayout::aHundredThousandDeepChainIsOneStraightLine() {
    std::vector<int> parents(100'000);
    for (std::size_t i = 0; i < parents.size(); ++i) parents[i] = int(i) - 1;
    const TreeLayout l = layOutTree(parents);
    QCOMPARE(l.columns.size(), parents.size());
    QVERIFY(std::all_of(l.row.begin(), l.row.end(), [](double r) { return r == 0; }));
}

void tst_treelayout::aHundredThousandWideFanTakesOneRowEach() {
    std::vector<int> parents(100'000, 0);
    parents[0] = -1;
    const TreeLayout l = layOutTree(parents);
    QCOMPARE(l.rows, 99'999.0);
    QCOMPARE(l.row[0], 49'999.0);
}

QTEST_APPLESS_MAIN(tst_treelayout)
#include "tst_treelayout.moc"
