// SPDX-License-Identifier: GPL-2.0-only
// Typed access to one table of a configuration file. What is wrong goes to the mistakes with file, line and
// key, and the reading goes on with what is left; a key that nobody asked for is wrong, too.
#ifndef IPXLAT_DAEMON_CONFIG_TABLE_READER_H
#define IPXLAT_DAEMON_CONFIG_TABLE_READER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/config/mistakes.h"
#include "daemon/config/toml_node.h"

namespace ipxlat {

class TableReader {
 public:
  // `path` is the table's own key, "nat64.edge". `table` and `mistakes` outlive the reader.
  TableReader(std::filesystem::path file, std::string path, const toml::table& table, Mistakes& mistakes);

  const std::filesystem::path& file() const { return file_; }
  bool has(const std::string& key) { return find(key) != nullptr; }
  // True if something was wrong with it: nothing can be concluded from what was read of it.
  bool refused(const std::string& key) const { return refused_.contains(key); }

  // Absent and refused keys give nullopt. `allowed` ends the sentence of a refusal.
  std::optional<std::string> text(const std::string& key, const std::string& allowed);
  std::optional<bool> boolean(const std::string& key);
  std::optional<int64_t> integer(const std::string& key, int64_t least, int64_t most);

  struct Text {
    std::string value;
    unsigned line;
  };
  struct Pair {
    std::string first, second;
    unsigned line;
  };
  // An array of strings, or of arrays of two strings; without the elements that are not. Absent is empty.
  std::vector<Text> texts(const std::string& key, const std::string& allowed);
  std::vector<Pair> pairs(const std::string& key, const std::string& allowed);

  // An array of tables, "forward[0]" and so on. They are read by readers of their own, which finish, too.
  std::vector<TableReader> tables(const std::string& key, const std::string& allowed);

  // What `parse` makes of the string. It throws std::invalid_argument with a sentence.
  template <class Parse>
  auto parsed(const std::string& key, const std::string& allowed, Parse parse)
      -> std::optional<decltype(parse(std::string()))> {
    auto found = text(key, allowed);
    if (!found) return std::nullopt;
    return convert({*found, line(key)}, key, allowed, parse);
  }
  template <class Parse>
  auto all_parsed(const std::string& key, const std::string& allowed, Parse parse)
      -> std::vector<decltype(parse(std::string()))> {
    std::vector<decltype(parse(std::string()))> values;
    for (const auto& one : texts(key, allowed))
      if (auto value = convert(one, key, allowed, parse)) values.push_back(*value);
    return values;
  }

  // Refuses its absence.
  void require(const std::string& key, const std::string& allowed) {
    if (!has(key)) refuse(key, "it is missing", allowed);
  }
  // An empty key blames the table itself.
  void refuse(const std::string& key, const std::string& wrong, const std::string& allowed);
  void refuse_at(unsigned line, const std::string& key, const std::string& wrong, const std::string& allowed);

  // Refuses every key that no call above named, and lists those that were.
  void finish();

 private:
  const toml::node* find(const std::string& key);
  std::vector<const toml::node*> elements(const std::string& key, const std::string& allowed);
  unsigned line(const std::string& key);

  template <class Parse>
  auto convert(const Text& text, const std::string& key, const std::string& allowed, Parse parse)
      -> std::optional<decltype(parse(std::string()))> {
    try {
      return parse(text.value);
    } catch (const std::invalid_argument& error) {
      refuse_at(text.line, key, error.what(), allowed);
      return std::nullopt;
    }
  }

  std::filesystem::path file_;
  std::string path_;
  const toml::table& table_;
  Mistakes& mistakes_;
  std::set<std::string> known_;
  std::set<std::string> refused_;
};

}  // namespace ipxlat

#endif
