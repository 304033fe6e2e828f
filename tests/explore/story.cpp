// SPDX-License-Identifier: MIT
#include "explore/story.h"

#include "explore/search.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>
#include <stdexcept>

namespace explore {
namespace {

char letter(thread_id t) {
    return static_cast<char>('A' + t);
}

/// "node.h:57"; nothing for files that only pass the operation on.
std::string shown(const place& l) {
    const char* const file = l.file;
    if (!*file || std::strstr(file, "/bits/") || std::strstr(file, "/include/c++/") ||
        std::strstr(file, "/explore/instruments.h"))
        return {};
    const char* const name = std::strrchr(file, '/');
    return " (" + std::string(name ? name + 1 : file) + ":" + std::to_string(l.line) + ")";
}

} // namespace

void story::add(thread_id by, const operation& o) {
    text_ += std::string("  ") + letter(by) + ' ' + name_of(o.what);
    if (o.object) {
        const auto at = std::find(objects_.begin(), objects_.end(), o.object);
        text_ += (o.size ? " block " : " #") + std::to_string(at - objects_.begin() + 1);
        if (at == objects_.end()) objects_.push_back(o.object);
    }
    text_ += shown(o.where) + '\n';
}

std::string schedule::text() const {
    std::string out;
    for (std::size_t i = 0; i < entries_.size();) {
        std::size_t n = 1;
        const entry& e = entries_[i];
        if (e.choices.empty())
            while (i + n < entries_.size() && entries_[i + n].thread == e.thread &&
                   entries_[i + n].choices.empty())
                ++n;
        if (!out.empty()) out += ' ';
        out += letter(e.thread) + std::to_string(n);
        for (const unsigned c : e.choices) out += '=' + std::to_string(c);
        i += n;
    }
    return out;
}

schedule::schedule(const std::string& text) {
    const char* p = text.c_str();
    const auto number = [&] {
        if (!std::isdigit(static_cast<unsigned char>(*p)))
            throw std::invalid_argument("explore: no schedule: a number is missing at \"" + std::string(p) +
                                        '"');
        return static_cast<unsigned>(std::strtoul(p, const_cast<char**>(&p), 10));
    };
    while (*p) {
        if (*p == ' ') {
            ++p;
            continue;
        }
        if (*p < 'A' || *p >= letter(max_threads))
            throw std::invalid_argument("explore: no schedule: no thread has the name \"" +
                                        std::string(1, *p) + '"');
        const thread_id t = static_cast<thread_id>(*p++ - 'A');
        for (unsigned n = number(); n > 0; --n) add(t);
        while (*p == '=') {
            ++p;
            add_choice(number());
        }
    }
}

namespace {

/// Follows a schedule, and then lets whoever runs go on.
class follower final : public chooser {
  public:
    explicit follower(const std::string& text) : order_(text) {}

    thread_id next(mask enabled, const pending_operations& pending) override {
        choice_ = 0;
        now_ = nullptr;
        if (at_ < order_.entries().size()) {
            now_ = &order_.entries()[at_++];
            last_ = now_->thread;
            if (!(enabled & bit(last_)))
                engine::instance().fail(std::string("not a schedule of this program: ") + letter(last_) +
                                        " cannot go on at step " + std::to_string(at_));
        } else if (!(enabled & bit(last_))) {
            last_ = static_cast<thread_id>(std::countr_zero(enabled));
        }
        told.add(last_, pending[last_]);
        ++steps;
        return last_;
    }
    void began(thread_id, thread_id) override {}
    unsigned choose(unsigned n) override {
        if (!now_ || choice_ >= now_->choices.size()) return 0;
        return std::min(now_->choices[choice_++], n - 1);
    }

    story told;
    std::size_t steps = 0;

  private:
    const schedule order_;
    const schedule::entry* now_ = nullptr;
    std::size_t at_ = 0, choice_ = 0;
    thread_id last_ = 0;
};

} // namespace

report replay(const std::function<void()>& program, const std::string& text) {
    follower f(text);
    report r{.runs = 1, .longest = 0, .complete = true, .failed = {}};
    engine& e = engine::instance();
    if (e.run(program, f) == engine::end::failed) r.failed = {e.complaint(), text, f.told.text()};
    r.longest = f.steps;
    return r;
}

} // namespace explore
