// SPDX-License-Identifier: MIT
#include "lab/recording_reader.h"

#include "lab/bytes.h"
#include "lab/crc32c.h"
#include "lab/input_error.h"
#include "lab/recording_header.h"
#include "lab/recording_layout.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace lab {

namespace {

std::unique_ptr<std::istream> open(const std::filesystem::path& file) {
    std::error_code problem;
    const auto status = std::filesystem::status(file, problem);
    if (!std::filesystem::exists(status)) throw input_error(file.string() + ": there is no such file");
    if (!std::filesystem::is_regular_file(status)) throw input_error(file.string() + ": it is not a file");
    auto in = std::make_unique<std::ifstream>(file, std::ios::binary);
    if (!*in) throw input_error(file.string() + ": it cannot be read");
    return in;
}

} // namespace

std::string recording_damage::text(const std::string& where) const {
    return where + ": byte " + std::to_string(byte) + " (block " + std::to_string(block) +
           (last_seq == 0 ? ", before any event" : ", after event " + std::to_string(last_seq)) +
           "): " + problem;
}

recording_reader::recording_reader(const std::filesystem::path& file)
    : recording_reader(open(file), file.string()) {}

recording_reader::recording_reader(std::unique_ptr<std::istream> in, std::string where)
    : where_(std::move(where)), in_(std::move(in)) {
    in_->seekg(0, std::ios::end);
    const auto end = in_->tellg();
    in_->seekg(0);
    if (!*in_ || end < 0) throw input_error(where_ + ": it cannot be read");
    size_ = static_cast<std::uint64_t>(end);
    auto [header, schema] = parse_header_line(read_header_line(), where_);
    header_ = std::move(header);
    schema_ = std::make_unique<recording_schema>(std::move(schema));
    decoder_ = std::make_unique<recording_decoder>(*schema_, where_);
}

std::string recording_reader::read_header_line() {
    std::string line;
    std::array<char, 4096> piece;
    while (line.size() <= largest_header) {
        in_->read(piece.data(), piece.size());
        const std::string_view got(piece.data(), static_cast<std::size_t>(in_->gcount()));
        const std::size_t end = got.find('\n');
        line += got.substr(0, end);
        // Anything else is no recording, however long its lines are.
        const std::size_t known = std::min(line.size(), recording_magic.size());
        const bool ours = line.compare(0, known, recording_magic, 0, known) == 0;
        if (!ours || end != std::string_view::npos) break;
        if (got.empty())
            throw input_error(where_ + ": byte " + std::to_string(size_) + ": it is cut off in its header");
    }
    offset_ = line.size() + 1;
    in_->clear();
    in_->seekg(static_cast<std::streamoff>(offset_));
    return line;
}

bool recording_reader::next(recording_block& out) {
    const bool there = step([&] {
        ended_ = decoder_->read(payload_, out);
        return recording_decoder::summary(payload_);
    });
    if (!there) out = {};
    return there;
}

std::optional<block_summary> recording_reader::skip() {
    block_summary s;
    const bool there = step([&] { return s = recording_decoder::summary(payload_); });
    return there ? std::optional(s) : std::nullopt;
}

/// One block: `use` makes something of its payload and says what is in it.
template <class Use>
bool recording_reader::step(Use use) {
    if (damage_) return false;
    const auto stop = [&](std::string problem) {
        damage_ = {.byte = offset_,
                   .block = block_,
                   .last_seq = last_seq_,
                   .problem = std::move(problem),
                   .unended = offset_ == size_ && !ended_};
        return false;
    };
    if (ended_) return offset_ == size_ ? false : stop("something follows the end");
    try {
        read_payload();
        const block_summary s = use();
        check_order(s);
        last_seq_ += s.events;
    } catch (const bytes_error& e) {
        ended_ = false;
        return stop(e.what());
    } catch (const input_error& e) {
        ended_ = false;
        return stop(e.what());
    }
    offset_ += block_head + payload_.size();
    ++block_;
    return true;
}

/// Throws bytes_error.
void recording_reader::read_payload() {
    const std::uint64_t left = size_ - std::min(size_, offset_);
    if (left == 0) throw bytes_error("the recording was not ended");
    std::string head(block_head, '\0');
    if (left < head.size()) throw bytes_error("it is cut off");
    in_->read(head.data(), static_cast<std::streamsize>(head.size()));
    byte_reader numbers(head);
    const std::uint32_t length = numbers.fixed32();
    const std::uint32_t sum = numbers.fixed32();
    if (length > largest_block)
        throw bytes_error("a block of " + std::to_string(length) + " bytes is not possible");
    if (length > left - head.size()) throw bytes_error("it is cut off");
    payload_.resize(length);
    in_->read(payload_.data(), static_cast<std::streamsize>(length));
    if (!*in_) throw bytes_error("it cannot be read");
    if (crc32c(payload_, crc32c(std::string_view(head).substr(0, 4))) != sum)
        throw bytes_error("its checksum is wrong");
}

/// A block that is there twice, or not at all, has a right checksum.
void recording_reader::check_order(const block_summary& s) const {
    if (s.events > 0 && s.first_seq != last_seq_ + 1)
        throw bytes_error("it begins with event " + std::to_string(s.first_seq));
}

} // namespace lab
