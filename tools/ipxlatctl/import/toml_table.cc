// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/import/toml_table.h"

#include <algorithm>
#include <cctype>

namespace ipxlat::ctl {
namespace {

constexpr size_t kLongestName = 64;

bool is_bare(unsigned char c) { return isalnum(c) || c == '-' || c == '_'; }

std::string toml_key(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_bare) ? text : toml(text);
}

// "[\n  a,\n  b,\n]"
std::string lines_of(const std::vector<std::string>& elements) {
  std::string text = "[\n";
  for (const auto& element : elements) text += "  " + element + ",\n";
  return text + "]";
}

}  // namespace

std::string toml(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    // TOML has no other bytes than those of UTF-8; no name or address needs them
    quoted += c < ' ' || c > '~' ? '?' : c;
  }
  return quoted + '"';
}

std::string toml(const std::vector<std::string>& texts) {
  std::string array;
  for (const auto& text : texts) array += (array.empty() ? "" : ", ") + toml(text);
  return "[" + array + "]";
}

std::string toml(const std::vector<Prefix4>& prefixes) {
  std::vector<std::string> texts;
  for (const auto& prefix : prefixes) texts.push_back(to_string(prefix));
  return toml(texts);
}

std::string toml(const std::vector<MapEntry>& map) {
  std::vector<std::string> pairs;
  for (const auto& [prefix4, prefix6] : map)
    pairs.push_back(toml(std::vector{to_string(prefix4), to_string(prefix6)}));
  return lines_of(pairs);
}

std::string toml(const std::vector<Forward>& forwards) {
  std::vector<std::string> tables;
  for (const auto& one : forwards) {
    std::string table = "{ ";
    if (!one.protocol.empty()) table += "protocol = " + toml(one.protocol) + ", ";
    if (!one.address.empty()) table += "address = " + toml(one.address) + ", ";
    if (one.port != 0) table += "port = " + std::to_string(one.port) + ", ";
    tables.push_back(table + "to = " + toml(one.to) + " }");
  }
  return lines_of(tables);
}

TomlTable::TomlTable(const std::string& kind, const std::string& name) : path_(kind + "." + toml_key(name)) {}

void TomlTable::set(const std::string& key, const std::string& value) {
  const auto same = [&](const auto& one) { return one.first == key; };
  const auto found = std::find_if(keys_.begin(), keys_.end(), same);
  if (found == keys_.end())
    keys_.emplace_back(key, value);
  else
    found->second = value;
}

bool TomlTable::has(const std::string& key) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& one) { return one.first == key; });
}

std::string TomlTable::text() const {
  std::string text = "[" + path_ + "]\n";
  for (const auto& [key, value] : keys_) text += key + " = " + value + "\n";
  return text + remarks_;
}

std::string instance_name(const std::string& text) {
  std::string name = text.substr(0, kLongestName);
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !is_bare(c) && c != '.'; }, '-');
  return name;
}

}  // namespace ipxlat::ctl
