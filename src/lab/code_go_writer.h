// SPDX-License-Identifier: MIT
#pragma once

#include "lab/code_go_parts.h"
#include "lab/code_plan.h"
#include "lab/code_text.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lab {

/// Writes one scenario as Go: main from the steps of the plan, and below it the functions that main turns out
/// to need.
class go_writer {
  public:
    explicit go_writer(const scenario& s);
    std::string program();

  private:
    void name_all();
    void line(const std::string& text);
    void need(std::string_view imports);
    void use(const go_parts::part& p);

    std::string length(std::chrono::nanoseconds d, std::string_view times = "*");
    std::string context(std::size_t index);
    std::string error(const std::string& text);
    std::string cancel(std::size_t index, const std::string& cause);
    std::string cancel_for(std::size_t index);
    std::string arguments(const code_worker& w, const std::string& c);

    void write(const code_step& s);
    void write_context(std::size_t index);
    void write_worker(const code_worker& w);
    void write_request(const code_request& r);
    void begin_server();
    void write_waits();
    void write_reports();
    void add_functions();
    std::string head() const;

    const code_plan plan_;
    code_names names_;
    std::vector<std::string> variables_, cancels_; ///< of the plan's contexts
    std::map<std::string, std::string> channels_;  ///< their variables
    std::set<std::string, std::less<>> imports_;
    std::set<std::string, std::less<>> units_;
    std::string main_, functions_;
    lab_time now_{};
};

} // namespace lab
