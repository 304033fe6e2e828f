// SPDX-License-Identifier: MIT
#include "codeline.h"

#include <QStringList>

namespace {

int lineWith(const QStringList& lines, std::initializer_list<QLatin1String> words, int from = 0) {
    for (int i = from; i < lines.size(); ++i)
        for (const QLatin1String word : words)
            if (lines[i].contains(word)) return i;
    return -1;
}

} // namespace

int codeLineAt(const QString& code, const lab::event& at, lab::id_t worker) {
    const QStringList lines = code.split(QLatin1Char('\n'));
    const int looks = lineWith(lines, {QLatin1String("ctx.Done()"), QLatin1String("ctx.Err()")});
    if (at.worker == worker && at.kind == lab::event_kind::worker_exited) {
        const int returns = lineWith(lines, {QLatin1String("return")}, std::max(looks, 0));
        return returns >= 0 ? returns : static_cast<int>(lines.size()) - 1;
    }
    if (at.worker == worker && at.kind != lab::event_kind::worker_noticed)
        if (const int calls = lineWith(lines, {QLatin1String("cancel(")}); calls >= 0) return calls;
    if (looks >= 0) return looks;
    return lineWith(lines, {QLatin1String("<-"), QLatin1String("Sleep"), QLatin1String("Wait()")});
}
