// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/state.h"
#include "lab/subject_index.h"
#endif

#include <optional>

/// What the panels share: one thing, of one of four sorts, or nothing.
struct Selection {
    enum class Sort { None, Context, Worker, Request, Client };
    Sort sort = Sort::None;
    lab::id_t id = 0;
    friend bool operator==(const Selection&, const Selection&) = default;
};

/// What an event is about.
inline Selection subjectOf(const lab::event& event) {
    if (event.worker) return {Selection::Sort::Worker, event.worker};
    if (event.request) return {Selection::Sort::Request, event.request};
    if (event.client) return {Selection::Sort::Client, event.client};
    return event.context ? Selection{Selection::Sort::Context, event.context} : Selection{};
}

/// It is in the picture; nothing always is.
inline bool isThere(const lab::state& picture, Selection thing) {
    switch (thing.sort) {
    case Selection::Sort::Context:
        return picture.context(thing.id) != nullptr;
    case Selection::Sort::Worker:
        return picture.worker(thing.id) != nullptr;
    case Selection::Sort::Request:
        return picture.request(thing.id) != nullptr;
    case Selection::Sort::Client:
        return picture.client(thing.id) != nullptr;
    case Selection::Sort::None:
        break;
    }
    return true;
}

/// What an index of events knows it as.
inline std::optional<lab::subject> indexed(Selection thing) {
    using Sort = lab::subject::sort;
    switch (thing.sort) {
    case Selection::Sort::Context:
        return lab::subject{Sort::context, thing.id};
    case Selection::Sort::Worker:
        return lab::subject{Sort::worker, thing.id};
    case Selection::Sort::Request:
        return lab::subject{Sort::request, thing.id};
    case Selection::Sort::Client:
        return lab::subject{Sort::client, thing.id};
    case Selection::Sort::None:
        break;
    }
    return std::nullopt;
}
