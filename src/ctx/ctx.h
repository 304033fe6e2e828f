// SPDX-License-Identifier: MIT
#pragma once

/// Everything: Go's context, channels, select, timers, goroutines and groups, for C++20.
#include "ctx/after_func.h"
#include "ctx/bridge.h"
#include "ctx/cancel.h"
#include "ctx/chan.h"
#include "ctx/clock.h"
#include "ctx/context.h"
#include "ctx/deadline.h"
#include "ctx/error.h"
#include "ctx/go.h"
#include "ctx/group.h"
#include "ctx/observer.h"
#include "ctx/scheduler.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "ctx/value.h"
