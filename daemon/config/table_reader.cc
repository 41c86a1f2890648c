// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/table_reader.h"

#include <toml++/toml.h>

#include <utility>

namespace ipxlat {

TableReader::TableReader(std::filesystem::path file, std::string path, const toml::table& table,
                         Mistakes& mistakes)
    : file_(std::move(file)), path_(std::move(path)), table_(table), mistakes_(mistakes) {}

const toml::node* TableReader::find(const std::string& key) {
  known_.insert(key);
  return table_.get(key);
}

unsigned TableReader::line(const std::string& key) {
  const toml::node* node = key.empty() ? nullptr : find(key);
  return line_of(node ? *node : table_);
}

std::optional<std::string> TableReader::text(const std::string& key, const std::string& allowed) {
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  if (const auto* value = node->as_string()) return value->get();
  refuse(key, "it is " + type_name(*node), allowed);
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(const std::string& key) {
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  if (const auto* value = node->as_boolean()) return value->get();
  refuse(key, "it is " + type_name(*node), "true or false");
  return std::nullopt;
}

std::optional<int64_t> TableReader::integer(const std::string& key, int64_t least, int64_t most) {
  const std::string allowed = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  const auto* value = node->as_integer();
  if (value && value->get() >= least && value->get() <= most) return value->get();
  refuse(key, value ? std::to_string(value->get()) + " is out of range" : "it is " + type_name(*node),
         allowed);
  return std::nullopt;
}

std::vector<const toml::node*> TableReader::elements(const std::string& key, const std::string& allowed) {
  std::vector<const toml::node*> all;
  const toml::node* node = find(key);
  if (!node) return all;
  const auto* array = node->as_array();
  if (!array) refuse(key, "it is " + type_name(*node), allowed);
  for (size_t i = 0; array && i < array->size(); i++) all.push_back(array->get(i));
  return all;
}

std::vector<TableReader::Text> TableReader::texts(const std::string& key, const std::string& allowed) {
  std::vector<Text> values;
  for (const auto* element : elements(key, allowed)) {
    if (const auto* value = element->as_string())
      values.push_back({value->get(), line_of(*element)});
    else
      refuse_at(line_of(*element), key, "an element is " + type_name(*element), allowed);
  }
  return values;
}

std::vector<TableReader::Pair> TableReader::pairs(const std::string& key, const std::string& allowed) {
  std::vector<Pair> values;
  for (const auto* element : elements(key, allowed)) {
    const auto* pair = element->as_array();
    if (pair && pair->size() == 2 && pair->is_homogeneous<std::string>())
      values.push_back(
          {pair->get(0)->as_string()->get(), pair->get(1)->as_string()->get(), line_of(*element)});
    else
      refuse_at(line_of(*element), key, "an element is not an array of two strings", allowed);
  }
  return values;
}

std::vector<TableReader> TableReader::tables(const std::string& key, const std::string& allowed) {
  std::vector<TableReader> all;
  size_t number = 0;
  for (const auto* element : elements(key, allowed)) {
    const std::string path = path_ + "." + key + "[" + std::to_string(number++) + "]";
    if (const auto* table = element->as_table())
      all.emplace_back(file_, path, *table, mistakes_);
    else
      refuse_at(line_of(*element), key, "an element is " + type_name(*element), allowed);
  }
  return all;
}

void TableReader::refuse(const std::string& key, const std::string& wrong, const std::string& allowed) {
  refuse_at(line(key), key, wrong, allowed);
}

void TableReader::refuse_at(unsigned line, const std::string& key, const std::string& wrong,
                            const std::string& allowed) {
  refused_.insert(key);
  mistakes_.add(file_, line, path_ + (key.empty() ? "" : "." + key) + ": " + wrong + "; allowed: " + allowed);
}

void TableReader::finish() {
  std::string all;
  for (const auto& key : known_) all += (all.empty() ? "" : ", ") + key;
  for (const auto& [key, node] : table_)
    if (const std::string name(key.str()); !known_.contains(name))
      refuse_at(line_of(node), name, "unknown key", all);
}

}  // namespace ipxlat
