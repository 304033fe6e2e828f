// SPDX-License-Identifier: MIT
#include "lab/run_fates.h"

namespace lab {
namespace {

std::string key_of(std::uint64_t above, const std::string& word) {
    return std::to_string(above) + '/' + word;
}

/// What names a context among its siblings; an unnamed value by its key.
std::string word_of(const event& e) {
    if (!e.name.empty()) return "name " + e.name;
    return "kind " + std::string(to_string(e.ctx_kind)) + ' ' + e.key;
}

} // namespace

std::uint64_t thing_names::number(std::uint64_t above, const std::string& word, std::size_t place) {
    return numbers_.try_emplace(key_of(above, word) + '#' + std::to_string(place), numbers_.size() + 1)
        .first->second;
}

std::uint64_t run_fates::number(std::uint64_t above, const std::string& word) {
    return names_.number(above, word, places_[key_of(above, word)]++);
}

void run_fates::on_created(const event& e) {
    const std::uint64_t n = number(number_of(e.parent), "context " + word_of(e));
    number_of_[e.context] = n;
    contexts_.push_back({n, e.context});
}

void run_fates::on_worker(const event& e) {
    const bool unnamed = e.name == e.text + ' ' + std::to_string(e.worker); // the laboratory's own choice
    const std::string word = unnamed ? "kind " + e.text : "name " + e.name;
    workers_.push_back({number(number_of(e.context), "worker " + word), e.worker});
}

/// The picture is about to forget them.
void run_fates::keep_swept(const event& e) {
    for (const id_t id : e.path) {
        const context_info* const c = picture_.context(id);
        if (!c) continue;
        for (const id_t w : c->workers)
            if (const worker_info* const of = picture_.worker(w)) swept_workers_[w] = *of;
        swept_contexts_[id] = *c;
    }
}

void run_fates::apply(const event& e, bool counts) {
    if (e.kind == event_kind::swept) keep_swept(e);
    picture_.apply(e);
    ++events_;
    if (!counts) return;
    book_.apply(e);
    switch (e.kind) {
    case event_kind::context_created:
        on_created(e);
        break;
    case event_kind::worker_started:
        on_worker(e);
        break;
    case event_kind::request_started:
        requests_.push_back({number(0, "request " + e.name + ' ' + e.text), e.request});
        break;
    case event_kind::client_sent:
        calls_.push_back({number(0, "call " + e.name + ' ' + e.text), e.client});
        break;
    default:
        break;
    }
}

const context_info* run_fates::context(id_t id) const {
    const auto swept = swept_contexts_.find(id);
    return swept != swept_contexts_.end() ? &swept->second : picture_.context(id);
}

const worker_info* run_fates::worker(id_t id) const {
    const auto swept = swept_workers_.find(id);
    return swept != swept_workers_.end() ? &swept->second : picture_.worker(id);
}

std::uint64_t run_fates::number_of(id_t context) const {
    const auto found = number_of_.find(context);
    return found == number_of_.end() ? 0 : found->second;
}

} // namespace lab
