// SPDX-License-Identifier: MIT
#include "lab/recording_file.h"

#include "lab/input_error.h"
#include "lab/recording_header.h"
#include "lab/recording_reader.h"
#include "lab/replaced_file.h"

#include <algorithm>
#include <fstream>
#include <utility>

namespace lab {

namespace {

template <class Take>
opened_recording read_all(const std::filesystem::path& file, Take take,
                          const reading_progress& progress = {}) {
    recording_reader r(file);
    opened_recording all{.header = r.header(), .lives = {r.header().first}, .damage = {}};
    std::vector<input> inputs;
    std::vector<life_note> notes;
    for (recording_block b; r.next(b);) {
        take(b.events);
        std::move(b.lives.begin(), b.lives.end(), std::back_inserter(all.lives));
        std::move(b.inputs.begin(), b.inputs.end(), std::back_inserter(inputs));
        std::move(b.notes.begin(), b.notes.end(), std::back_inserter(notes));
        if (progress && !progress(r.position(), r.size())) {
            all.given_up = true;
            break;
        }
    }
    const auto by_seq = [](const auto& a, const auto& b) { return a.first_seq < b.first_seq; };
    std::stable_sort(all.lives.begin() + 1, all.lives.end(), by_seq);
    for (input& i : inputs) {
        const std::size_t of = life_at(all.lives, i.seq);
        all.lives[of].inputs.push_back(std::move(i));
    }
    for (life_note& n : notes) all.lives[life_at(all.lives, n.first_seq)].recorded_only = std::move(n.recorded_only);
    all.damage = r.damage();
    return all;
}

} // namespace

recording_save::recording_save(std::filesystem::path file, const recording_header& header)
    : file_(std::move(file)), temporary_(temporary_beside(file_)),
      writer_(append_file(temporary_, append_file::existing::empty, file_.string()), header) {}

recording_save::~recording_save() {
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

void recording_save::commit(const event_log& log, std::span<const life> lives, std::uint64_t last) {
    constexpr std::size_t at_once = 8192;
    for (const life& l : lives) writer_.append(l);
    last = std::min(last, log.last_seq());
    for (std::uint64_t seen = 0; seen < last;) {
        for (const event& e : log.read(seen, std::min<std::uint64_t>(at_once, last - seen))) {
            writer_.append(e);
            seen = e.seq;
        }
    }
    writer_.finish();
    take_place(temporary_, file_);
    temporary_.clear();
}

void save_recording(const std::filesystem::path& file, const recording_header& header, const event_log& log,
                    std::span<const life> lives) {
    recording_save(file, header).commit(log, lives);
}

bool is_recording(const std::filesystem::path& file) {
    if (file.extension() == ".ctxlab") return true;
    std::string begin(recording_magic.size(), '\0');
    std::ifstream in(file, std::ios::binary);
    return in.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == recording_magic;
}

recording load_recording(const std::filesystem::path& file) {
    std::vector<event> events;
    opened_recording r = read_all(file, [&](std::vector<event>& block) {
        std::move(block.begin(), block.end(), std::back_inserter(events));
    });
    return {std::move(r.header), std::move(events), std::move(r.lives), std::move(r.damage)};
}

opened_recording open_recording(const std::filesystem::path& file, event_log& log,
                                const reading_progress& progress) {
    const auto take = [&](std::vector<event>& block) {
        for (event& e : block) log.append(std::move(e));
    };
    return read_all(file, take, progress);
}

} // namespace lab
