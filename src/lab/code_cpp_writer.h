// SPDX-License-Identifier: MIT
#pragma once

#include "lab/code_plan.h"
#include "lab/code_text.h"

#include <map>
#include <string>
#include <vector>

namespace lab {

/// Writes one scenario as C++: a coroutine from the steps of the plan, and the functions that it needs.
class cpp_writer {
  public:
    explicit cpp_writer(const scenario& s);
    std::string program();

  private:
    void name_all();
    void line(const std::string& text);

    std::string context(std::size_t index) const;
    std::string cancel(std::size_t index, const std::string& cause) const;
    std::string cancel_for(std::size_t index) const;
    std::string deadline(const new_context& made) const;
    std::string arguments(const code_worker& w, const std::string& c) const;

    void write(const code_step& s);
    void write_context(std::size_t index);
    void write_worker(const code_worker& w);
    void write_waits();
    void write_reports();
    std::string head() const;
    std::string functions() const;
    std::string tail() const;

    const code_plan plan_;
    code_names names_;
    std::vector<std::string> variables_, cancels_; ///< of the plan's contexts
    std::map<std::string, std::string> channels_;  ///< their variables
    std::map<std::string, std::string> keys_;      ///< their objects
    std::string main_;
    bool waits_ = false; ///< main_ is a coroutine already
    lab_time now_{};
};

} // namespace lab
