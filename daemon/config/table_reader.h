// SPDX-License-Identifier: GPL-2.0-only
// Typed access to one table of a configuration file. Every refusal is a ConfigError with file, line
// and key; a key that nobody asked for is one too.
#ifndef IPXLAT_DAEMON_CONFIG_TABLE_READER_H
#define IPXLAT_DAEMON_CONFIG_TABLE_READER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/config/tree.h"

namespace ipxlat {

class TableReader {
 public:
  // `path` is the table's own key, "nat64.edge". `table` is a table and outlives the reader.
  TableReader(std::filesystem::path file, std::string path, const Node& table);

  const std::filesystem::path& file() const { return file_; }
  bool has(const std::string& key) { return find(key) != nullptr; }

  // Absent keys give nullopt. `allowed` ends the sentence of a refusal.
  std::optional<std::string> text(const std::string& key, const std::string& allowed);
  std::optional<bool> boolean(const std::string& key);
  std::optional<int64_t> integer(const std::string& key, int64_t least, int64_t most);
  // An array of strings; absent is empty.
  std::vector<std::string> texts(const std::string& key, const std::string& allowed);
  // The elements of an array, each an array of two strings; `lines` receives the line of each.
  std::vector<std::pair<std::string, std::string>> pairs(const std::string& key, const std::string& allowed,
                                                         std::vector<unsigned>* lines);

  // What `parse` makes of the string. It throws std::invalid_argument with a sentence.
  template <class Parse>
  auto parsed(const std::string& key, const std::string& allowed, Parse parse)
      -> std::optional<decltype(parse(std::string()))> {
    auto found = text(key, allowed);
    if (!found) return std::nullopt;
    return convert(key, allowed, *found, parse);
  }
  template <class Parse>
  auto all_parsed(const std::string& key, const std::string& allowed, Parse parse)
      -> std::vector<decltype(parse(std::string()))> {
    std::vector<decltype(parse(std::string()))> values;
    for (const auto& one : texts(key, allowed)) values.push_back(convert(key, allowed, one, parse));
    return values;
  }

  // An empty key blames the table itself.
  [[noreturn]] void refuse(const std::string& key, const std::string& wrong, const std::string& allowed);
  [[noreturn]] void refuse_at(unsigned line, const std::string& key, const std::string& wrong,
                              const std::string& allowed);

  // Refuses the first key that no call above named, and lists those that were.
  void finish();

 private:
  const Node* find(const std::string& key);

  template <class Parse>
  auto convert(const std::string& key, const std::string& allowed, const std::string& value, Parse parse) {
    try {
      return parse(value);
    } catch (const std::invalid_argument& error) {
      refuse(key, error.what(), allowed);
    }
  }

  std::filesystem::path file_;
  std::string path_;
  const Node& table_;
  std::vector<std::string> known_;
};

}  // namespace ipxlat

#endif
