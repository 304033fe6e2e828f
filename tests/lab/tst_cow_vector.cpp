// SPDX-License-Identifier: MIT
#include "lab/cow_index.h"
#include "lab/cow_vector.h"
#include "lab/shared_list.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <string>

/// The containers that a picture is made of, beside those of the standard library.
class tst_cow_vector : public QObject {
    Q_OBJECT
  private slots:
    void itDoesWhatAVectorDoesAndItsCopiesStay();
    void anEditCopiesOnlyWhatItTouches();
    void anIndexDoesWhatAMapDoesAndItsCopiesStay_data();
    void anIndexDoesWhatAMapDoesAndItsCopiesStay();
    void aListSharesItsBufferUntilTwoAppend();
    void aListWithoutSomeLeavesItsCopiesAlone();
};

void tst_cow_vector::itDoesWhatAVectorDoesAndItsCopiesStay() {
    using pair = std::pair<lab::cow_vector<std::string>, std::vector<std::string>>;
    std::mt19937 random(1);
    pair now;
    std::vector<pair> copies;
    for (int i = 0; i < 6000; ++i) {
        const std::string text = "element number " + std::to_string(i);
        if (const auto what = random() % 100; what < 60 || now.second.empty()) {
            now.first.push_back(text);
            now.second.push_back(text);
        } else if (what < 98) {
            const std::size_t at = random() % now.second.size();
            now.first.edit(at) = now.second[at] = text;
        } else {
            const char digit = static_cast<char>('0' + random() % 10);
            const auto gone = [&](const std::string& s) { return s.back() == digit; };
            const auto first = std::find_if(now.second.begin(), now.second.end(), gone) - now.second.begin();
            QCOMPARE(now.first.erase_if(gone), static_cast<std::size_t>(first));
            std::erase_if(now.second, gone);
        }
        if (i % 50 == 0) copies.push_back(now);
    }
    copies.push_back(now);
    for (const auto& [cow, plain] : copies) {
        QCOMPARE(cow.size(), plain.size());
        QVERIFY(std::equal(cow.begin(), cow.end(), plain.begin(), plain.end()));
        QVERIFY(std::equal(cow.rbegin(), cow.rend(), plain.rbegin(), plain.rend()));
    }
    QVERIFY(copies.front().first == copies.front().first);
    QVERIFY(!(copies.front().first == now.first));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, now.first.at(now.first.size()));
}

void tst_cow_vector::anEditCopiesOnlyWhatItTouches() {
    lab::cow_vector<std::string> now;
    for (int i = 0; i < 100'000; ++i) now.push_back(std::to_string(i));
    const lab::cow_vector<std::string> then = now;
    const std::size_t nothing = now.bytes_beside(then); // the pointers to the blocks
    QVERIFY(nothing < 100'000);
    now.edit(50'000) = "edited";
    QVERIFY(now.bytes_beside(then) - nothing < 2000);
    QCOMPARE(then[50'000], std::string("50000"));
    QCOMPARE(&now[50'100], &then[50'100]);
    const std::string* where = &now[50'000];
    now.edit(50'000) = "again";
    QCOMPARE(&now[50'000], where);
}

void tst_cow_vector::anIndexDoesWhatAMapDoesAndItsCopiesStay_data() {
    QTest::addColumn<qulonglong>("stride");
    QTest::newRow("ids that count upwards") << qulonglong(1);
    QTest::newRow("ids far apart") << qulonglong(1) * 16384;
    QTest::newRow("ids all over") << qulonglong(0x9e3779b97f4a7c15);
}

void tst_cow_vector::anIndexDoesWhatAMapDoesAndItsCopiesStay() {
    QFETCH(qulonglong, stride);
    std::mt19937 random(2);
    lab::cow_index now;
    std::map<lab::id_t, std::size_t> plain;
    std::vector<std::pair<lab::cow_index, std::map<lab::id_t, std::size_t>>> copies;
    for (std::size_t i = 0; i < 5000; ++i) {
        const lab::id_t id = (random() % 3000) * stride;
        if (random() % 4 == 0) {
            now.erase(id);
            plain.erase(id);
        } else {
            now.set(id, i);
            plain[id] = i;
        }
        if (i % 500 == 0) copies.emplace_back(now, plain);
    }
    copies.emplace_back(now, plain);
    for (const auto& [index, expected] : copies)
        for (lab::id_t i = 0; i < 3000; ++i) {
            const auto it = expected.find(i * stride);
            const auto found = it == expected.end() ? std::nullopt : std::optional<std::size_t>(it->second);
            QVERIFY(index.find(i * stride) == found);
        }
    QVERIFY(!now.contains(UINT64_MAX));
}

void tst_cow_vector::aListSharesItsBufferUntilTwoAppend() {
    lab::shared_list<std::string> a{"one", "two", "three"};
    const lab::shared_list<std::string> then = a;
    a.push_back("four");
    a.push_back("five");
    lab::shared_list<std::string> b = then;
    b.push_back("another");
    QVERIFY(then == (lab::shared_list<std::string>{"one", "two", "three"}));
    QVERIFY(a == (lab::shared_list<std::string>{"one", "two", "three", "four", "five"}));
    QVERIFY(b == (lab::shared_list<std::string>{"one", "two", "three", "another"}));
    const lab::shared_list<std::string> c = a;
    QCOMPARE(c.data(), a.data());
    a.push_back(a.front()); // an element of its own
    QCOMPARE(a.back(), std::string("one"));
    QCOMPARE(c.size(), std::size_t(5));
}

void tst_cow_vector::aListWithoutSomeLeavesItsCopiesAlone() {
    lab::shared_list<int> a{1, 2, 3, 4};
    const lab::shared_list<int> then = a;
    a.erase_if([](int i) { return i % 2 == 0; });
    QVERIFY(a == (lab::shared_list<int>{1, 3}));
    QVERIFY(then == (lab::shared_list<int>{1, 2, 3, 4}));
    a.erase_if([](int) { return true; });
    QVERIFY(a.empty() && a.begin() == a.end());
}

QTEST_APPLESS_MAIN(tst_cow_vector)
#include "tst_cow_vector.moc"
