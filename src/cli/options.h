// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The arguments of a subcommand: `--name VALUE`, `--name=VALUE`, `--flag`, and the rest in order.
///
///     cli::options o(arguments, {.valued = {"--seed"}, .flags = {"--real-time"}});
///     o.integer("--seed").value_or(1);
///
/// Everything throws usage_error with the option's name.
class options {
  public:
    struct accepted {
        std::vector<std::string_view> valued;
        std::vector<std::string_view> flags;
        std::size_t most_others = 0;
    };

    options(std::span<const std::string> arguments, const accepted& known);

    bool has(std::string_view flag) const { return values_.contains(flag); }
    std::optional<std::string> text(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most) const;
    const std::vector<std::string>& others() const { return others_; }

  private:
    std::map<std::string, std::string, std::less<>> values_;
    std::vector<std::string> others_;
};

} // namespace cli
