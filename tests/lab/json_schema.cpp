// SPDX-License-Identifier: MIT
#include "json_schema.h"

#include <QRegularExpression>
#include <QString>

#include <algorithm>
#include <stdexcept>

namespace {

using nlohmann::json;

class checker {
  public:
    explicit checker(const json& root) : root_(root) {}

    /// Empty if `value` fits.
    std::string check(const json& schema, const json& value, const std::string& path) const;

  private:
    std::string check_keyword(const std::string& word, const json& rule, const json& schema,
                              const json& value, const std::string& path) const;
    std::string check_object(const std::string& word, const json& rule, const json& schema, const json& value,
                             const std::string& path) const;

    const json& root_;
};

bool has_type(const json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    throw std::logic_error("unknown type " + type);
}

QString text_of(const json& value) {
    return QString::fromStdString(value.get<std::string>());
}

bool matches(const json& pattern, const json& value) {
    static const QRegularExpression code_point("\\\\u([0-9a-fA-F]{4})");
    const QRegularExpression re(text_of(pattern).replace(code_point, "\\x{\\1}"),
                                QRegularExpression::UseUnicodePropertiesOption);
    if (!re.isValid()) throw std::logic_error("bad pattern " + pattern.dump());
    return re.match(text_of(value)).hasMatch();
}

std::string checker::check(const json& schema, const json& value, const std::string& path) const {
    if (schema.is_boolean()) return schema.get<bool>() ? "" : path + ": not allowed";
    for (const auto& [word, rule] : schema.items()) {
        if (std::string problem = check_keyword(word, rule, schema, value, path); !problem.empty())
            return problem;
    }
    return {};
}

std::string checker::check_keyword(const std::string& word, const json& rule, const json& schema,
                                   const json& value, const std::string& path) const {
    const auto fails_if = [&](bool failed) {
        return failed ? path + ": " + word + ' ' + rule.dump() : std::string();
    };
    if (word == "title" || word == "description" || word == "$schema" || word == "$defs" || word == "then")
        return {};
    if (word == "$ref")
        return check(root_.at(json::json_pointer(rule.get<std::string>().substr(1))), value, path);
    if (word == "type") return fails_if(!has_type(value, rule.get<std::string>()));
    if (word == "const") return fails_if(value != rule);
    if (word == "enum") return fails_if(std::find(rule.begin(), rule.end(), value) == rule.end());
    if (word == "minimum") return fails_if(value.is_number() && value.get<double>() < rule.get<double>());
    if (word == "maximum") return fails_if(value.is_number() && value.get<double>() > rule.get<double>());
    if (word == "minLength") return fails_if(value.is_string() && text_of(value).size() < rule.get<int>());
    if (word == "maxLength") return fails_if(value.is_string() && text_of(value).size() > rule.get<int>());
    if (word == "pattern") return fails_if(value.is_string() && !matches(rule, value));
    if (word == "maxItems") return fails_if(value.is_array() && value.size() > rule.get<std::size_t>());
    if (word == "if")
        return check(rule, value, path).empty() ? check(schema.at("then"), value, path) : std::string();
    if (word == "oneOf") {
        return fails_if(std::count_if(rule.begin(), rule.end(),
                                      [&](const json& one) { return check(one, value, path).empty(); }) != 1);
    }
    if (word == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
            std::string problem = check(rule, value[i], path + '[' + std::to_string(i) + ']');
            if (!problem.empty()) return problem;
        }
        return {};
    }
    return check_object(word, rule, schema, value, path);
}

std::string checker::check_object(const std::string& word, const json& rule, const json& schema,
                                  const json& value, const std::string& path) const {
    if (word != "required" && word != "properties" && word != "additionalProperties") {
        throw std::logic_error("unknown keyword " + word);
    }
    if (!value.is_object()) return {};
    if (word == "required") {
        for (const json& name : rule) {
            if (!value.contains(name.get<std::string>())) return path + ": required " + name.dump();
        }
        return {};
    }
    for (const auto& [name, member] : value.items()) {
        const bool known = schema.contains("properties") && schema["properties"].contains(name);
        if (word == "additionalProperties" && !known && !rule.get<bool>()) return path + ": unknown " + name;
        if (word == "properties" && known) {
            std::string problem = check(rule.at(name), member, path + '.' + name);
            if (!problem.empty()) return problem;
        }
    }
    return {};
}

} // namespace

std::string schema_problem(const json& schema, const json& value) {
    return checker(schema).check(schema, value, "$");
}
