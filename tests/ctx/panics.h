// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <stdexcept>

namespace test {

/// What Go would panic with: the text of the std::invalid_argument that `f` throws, or "none".
template <class F>
QString panic_of(F f) {
    try {
        f();
    } catch (const std::invalid_argument& e) {
        return QString::fromUtf8(e.what());
    }
    return QStringLiteral("none");
}

} // namespace test
