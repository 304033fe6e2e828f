// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"

#include <string>
#include <string_view>

/// The errors of package net, in Go's words.
namespace net {

/// Go: net.OpError of a connected socket: `write tcp 127.0.0.1:80->127.0.0.1:51234: write: broken pipe`;
/// ETIMEDOUT is a deadline that has passed: `... i/o timeout`, a timeout by itself.
/// `ends` is what connection_ends gives, asked for while both were there.
ctx::error op_error(std::string_view operation, const std::string& ends, int error);
/// `127.0.0.1:80->127.0.0.1:51234`
std::string connection_ends(int fd);

/// `front` and the system's text for an errno, in lower case: `dial tcp: socket: too many open files`.
ctx::error system_error_text(const std::string& front, int error);

/// An error that is a timeout by itself: Go's `i/o timeout` and Client.Timeout. It matches
/// `deadline_exceeded` if `wraps` is.
ctx::error timeout_error(std::string text, ctx::error wraps = {});

/// An error with a text of its own that matches another: Go's `operation was canceled` matches Canceled.
ctx::error matching_error(std::string text, ctx::error matches);

} // namespace net
