// SPDX-License-Identifier: MIT
#include "expression.h"

#include "labtext.h"

#include <QRegularExpression>

namespace {

struct Unit {
    std::int64_t length;
    const char* go;
    const char* cpp;
};

constexpr Unit units[] = {
    {3'600'000'000'000, "time.Hour", "h"}, {60'000'000'000, "time.Minute", "min"},
    {1'000'000'000, "time.Second", "s"},   {1'000'000, "time.Millisecond", "ms"},
    {1'000, "time.Microsecond", "us"},     {1, "time.Nanosecond", "ns"},
};

/// `2*time.Second` or `2s`: a whole number of the largest unit that fits.
QString lengthIn(std::chrono::nanoseconds length, Language language) {
    for (const Unit& unit : units) {
        if (length.count() == 0 || length.count() % unit.length != 0) continue;
        const std::int64_t n = length.count() / unit.length;
        if (language == Language::Cpp) return QString::number(n) + QLatin1String(unit.cpp);
        const QString name = QLatin1String(unit.go);
        return n == 1 ? name : QString::number(n) + QLatin1Char('*') + name;
    }
    return language == Language::Cpp ? QStringLiteral("0s") : QStringLiteral("0");
}

QString quoted(QString text) {
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    text.replace(QLatin1Char('"'), QLatin1String("\\\""));
    text.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

QString errorIn(const QString& cause, Language language) {
    const bool go = language == Language::Go;
    if (cause.isEmpty()) return QStringLiteral("cause");
    return (go ? QStringLiteral("errors.New(%1)") : QStringLiteral("ctx::error(%1)")).arg(quoted(cause));
}

/// In C++ a key is an object; its name is the key's own where that can be a name.
QString keyObject(const QString& key) {
    static const QRegularExpression identifier(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    return identifier.match(key).hasMatch() ? key : QStringLiteral("key");
}

QString inGo(const Derivation& d) {
    using k = lab::context_kind;
    const QString parent = d.underRoot ? QStringLiteral("context.Background()") : QStringLiteral("parent");
    const QString call = QStringLiteral("context.") + LabText::of(lab::go_name(d.kind));
    const QString length = lengthIn(d.length.value_or(std::chrono::nanoseconds(0)), Language::Go);
    const QString until = QStringLiteral("time.Now().Add(%1)").arg(length);
    const QString cause = errorIn(d.cause, Language::Go);
    switch (d.kind) {
    case k::background:
    case k::todo:
        return QStringLiteral("ctx := %1()").arg(call);
    case k::with_cancel:
    case k::with_cancel_cause:
        return QStringLiteral("ctx, cancel := %1(%2)").arg(call, parent);
    case k::with_deadline:
        return QStringLiteral("ctx, cancel := %1(%2, %3)").arg(call, parent, until);
    case k::with_deadline_cause:
        return QStringLiteral("ctx, cancel := %1(%2, %3, %4)").arg(call, parent, until, cause);
    case k::with_timeout:
        return QStringLiteral("ctx, cancel := %1(%2, %3)").arg(call, parent, length);
    case k::with_timeout_cause:
        return QStringLiteral("ctx, cancel := %1(%2, %3, %4)").arg(call, parent, length, cause);
    case k::with_value:
        return QStringLiteral("ctx := %1(%2, key(%3), %4)").arg(call, parent, quoted(d.key), quoted(d.value));
    case k::without_cancel:
        return QStringLiteral("ctx := %1(%2)").arg(call, parent);
    case k::after_func:
        return QStringLiteral("stop := %1(%2, func() { … })").arg(call, parent);
    case k::custom:
        return QStringLiteral("type myCtx struct { context.Context }");
    }
    return {};
}

QString inCpp(const Derivation& d) {
    using k = lab::context_kind;
    const QString parent = d.underRoot ? QStringLiteral("ctx::background()") : QStringLiteral("parent");
    const QString call = QStringLiteral("ctx::") + LabText::of(lab::to_string(d.kind));
    const QString length = lengthIn(d.length.value_or(std::chrono::nanoseconds(0)), Language::Cpp);
    const QString until = QStringLiteral("now + %1").arg(length);
    const QString cause = errorIn(d.cause, Language::Cpp);
    switch (d.kind) {
    case k::background:
    case k::todo:
        return QStringLiteral("auto c = %1();").arg(call);
    case k::with_cancel:
    case k::with_cancel_cause:
        return QStringLiteral("auto [c, cancel] = %1(%2);").arg(call, parent);
    case k::with_deadline:
        return QStringLiteral("auto [c, cancel] = %1(%2, %3);").arg(call, parent, until);
    case k::with_deadline_cause:
        return QStringLiteral("auto [c, cancel] = %1(%2, %3, %4);").arg(call, parent, until, cause);
    case k::with_timeout:
        return QStringLiteral("auto [c, cancel] = %1(%2, %3);").arg(call, parent, length);
    case k::with_timeout_cause:
        return QStringLiteral("auto [c, cancel] = %1(%2, %3, %4);").arg(call, parent, length, cause);
    case k::with_value:
        return QStringLiteral("auto c = %1(%2, %3, %4);")
            .arg(call, parent, keyObject(d.key), quoted(d.value));
    case k::without_cancel:
        return QStringLiteral("auto c = %1(%2);").arg(call, parent);
    case k::after_func:
        return QStringLiteral("auto stop = %1(%2, [] { … });").arg(call, parent);
    case k::custom:
        return QStringLiteral("class my_context : public ctx::custom_context { … };");
    }
    return {};
}

/// Between the call and its event the clock may have moved on a little; people write round durations.
std::chrono::nanoseconds asWritten(std::chrono::nanoseconds measured) {
    using namespace std::chrono;
    using namespace std::chrono_literals;
    const auto whole = round<milliseconds>(measured);
    const auto off = abs(measured - whole);
    return off < 1ms && off * 100 < abs(measured) ? duration_cast<nanoseconds>(whole) : measured;
}

} // namespace

Derivation Derivation::of(const lab::context_info& context, const lab::state& state) {
    Derivation d;
    d.kind = context.kind;
    d.key = LabText::of(context.key);
    d.value = LabText::of(context.value);
    if (const lab::context_info* parent = state.context(context.parent))
        d.underRoot = parent->kind == lab::context_kind::background;
    if (const auto end = context.own_deadline ? context.own_deadline : context.deadline)
        d.length = asWritten(*end - context.created);
    if (lab::takes_deadline_cause(context.kind) && context.fired && context.cause != context.err)
        d.cause = LabText::of(context.cause);
    return d;
}

QString expression(const Derivation& derivation, Language language) {
    return language == Language::Go ? inGo(derivation) : inCpp(derivation);
}
