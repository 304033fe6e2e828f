// SPDX-License-Identifier: MIT
#pragma once

#include <ctx/ctx.h>

#include <iostream>
#include <poll.h>
#include <string>
#include <thread>

using namespace std::chrono_literals;
