// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/table_reader.h"

#include <algorithm>
#include <utility>

namespace ipxlat {

TableReader::TableReader(std::filesystem::path file, std::string path, const Node& table)
    : file_(std::move(file)), path_(std::move(path)), table_(table) {}

const Node* TableReader::find(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  for (const auto& member : *table_.members())
    if (member.key == key) return &member.value;
  return nullptr;
}

std::optional<std::string> TableReader::text(const std::string& key, const std::string& allowed) {
  const Node* node = find(key);
  if (!node) return std::nullopt;
  if (const auto* value = std::get_if<std::string>(&node->value)) return *value;
  refuse(key, std::string("it is ") + node->type_name(), allowed);
}

std::optional<bool> TableReader::boolean(const std::string& key) {
  const Node* node = find(key);
  if (!node) return std::nullopt;
  if (const auto* value = std::get_if<bool>(&node->value)) return *value;
  refuse(key, std::string("it is ") + node->type_name(), "true or false");
}

std::optional<int64_t> TableReader::integer(const std::string& key, int64_t least, int64_t most) {
  const std::string allowed = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const Node* node = find(key);
  if (!node) return std::nullopt;
  const auto* value = std::get_if<int64_t>(&node->value);
  if (!value) refuse(key, std::string("it is ") + node->type_name(), allowed);
  if (*value < least || *value > most) refuse(key, std::to_string(*value) + " is out of range", allowed);
  return *value;
}

std::vector<std::string> TableReader::texts(const std::string& key, const std::string& allowed) {
  const Node* node = find(key);
  if (!node) return {};
  const auto* array = std::get_if<Array>(&node->value);
  if (!array) refuse(key, std::string("it is ") + node->type_name(), allowed);
  std::vector<std::string> values;
  for (const auto& element : *array) {
    const auto* value = std::get_if<std::string>(&element.value);
    if (!value) refuse_at(element.line, key, std::string("an element is ") + element.type_name(), allowed);
    values.push_back(*value);
  }
  return values;
}

std::vector<std::pair<std::string, std::string>> TableReader::pairs(const std::string& key,
                                                                    const std::string& allowed,
                                                                    std::vector<unsigned>* lines) {
  const Node* node = find(key);
  if (!node) return {};
  const auto* array = std::get_if<Array>(&node->value);
  if (!array) refuse(key, std::string("it is ") + node->type_name(), allowed);
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& element : *array) {
    const auto* pair = std::get_if<Array>(&element.value);
    const bool strings = pair && pair->size() == 2 && std::holds_alternative<std::string>((*pair)[0].value) &&
                         std::holds_alternative<std::string>((*pair)[1].value);
    if (!strings) refuse_at(element.line, key, "an element is not an array of two strings", allowed);
    values.emplace_back(std::get<std::string>((*pair)[0].value), std::get<std::string>((*pair)[1].value));
    lines->push_back(element.line);
  }
  return values;
}

void TableReader::refuse(const std::string& key, const std::string& wrong, const std::string& allowed) {
  const Node* node = key.empty() ? nullptr : find(key);
  refuse_at(node ? node->line : table_.line, key, wrong, allowed);
}

void TableReader::refuse_at(unsigned line, const std::string& key, const std::string& wrong,
                            const std::string& allowed) {
  const std::string full = key.empty() ? path_ : path_ + "." + key;
  throw ConfigError(file_.string() + ":" + std::to_string(line) + ": " + full + ": " + wrong +
                    "; allowed: " + allowed);
}

void TableReader::finish() {
  for (const auto& member : *table_.members()) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    std::sort(known_.begin(), known_.end());
    std::string all;
    for (const auto& key : known_) all += (all.empty() ? "" : ", ") + key;
    refuse_at(member.value.line, member.key, "unknown key", all);
  }
}

}  // namespace ipxlat
