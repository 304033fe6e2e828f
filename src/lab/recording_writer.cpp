// SPDX-License-Identifier: MIT
#include "lab/recording_writer.h"

#include "lab/life_json.h"
#include "lab/recording_header.h"

#include <utility>

namespace lab {

recording_writer::recording_writer(append_file file, const recording_header& header)
    : file_(std::move(file)), life_(header.first.first_seq) {
    file_.append(header_line(header));
}

void recording_writer::append(const event& e) {
    if (encoder_.full()) write_blocks();
    encoder_.add(e);
}

void recording_writer::append(const life& now) {
    if (now.first_seq != life_) {
        life_ = now.first_seq;
        inputs_ = 0;
        recorded_only_.clear();
        note(life_record(now));
    }
    while (inputs_ < now.inputs.size()) note(input_record(now.inputs[inputs_++]));
    if (now.recorded_only != recorded_only_) {
        recorded_only_ = now.recorded_only;
        note(note_record({.first_seq = life_, .recorded_only = recorded_only_}));
    }
}

void recording_writer::note(const std::string& json) {
    recording_block sink;
    read_life_record(json, file_.called(), sink);
    if (encoder_.full()) write_blocks();
    encoder_.add_note(json);
}

void recording_writer::flush() {
    write_blocks();
    file_.sync();
}

void recording_writer::finish() {
    if (!std::exchange(ended_, true)) encoder_.add_end();
    flush();
}

void recording_writer::write_blocks() {
    while (!block_.empty() || !encoder_.empty()) {
        if (block_.empty()) block_ = encoder_.take();
        file_.append(block_);
        block_.clear();
    }
}

} // namespace lab
