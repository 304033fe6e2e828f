// SPDX-License-Identifier: MIT

/// Qt is not built with ThreadSanitizer: what the watchdog thread of Qt Test does with Qt's own locks would
/// be reported.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return "race:QWaitCondition\ncalled_from_lib:libQt6Core.so\ncalled_from_lib:libQt6Test.so\n";
}
