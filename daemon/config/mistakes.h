// SPDX-License-Identifier: GPL-2.0-only
// What is wrong with a configuration: all of it, told at once.
#ifndef IPXLAT_DAEMON_CONFIG_MISTAKES_H
#define IPXLAT_DAEMON_CONFIG_MISTAKES_H

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ipxlat {

// what(): the sentences, a line each.
struct ConfigError : std::runtime_error {
  explicit ConfigError(std::vector<std::string> all);

  std::vector<std::string> sentences;  // "FILE:LINE: KEY: what is wrong; allowed: what is"
};

class Mistakes {
 public:
  // Line 0 blames the file as a whole.
  void add(const std::filesystem::path& file, unsigned line, const std::string& sentence);

  // ConfigError, if there is one: file by file as they came first, and in the order of lines.
  void throw_if_any() const;

 private:
  std::vector<std::filesystem::path> files_;
  std::multimap<std::pair<size_t, unsigned>, std::string> sentences_;  // by index of the file, and line
};

}  // namespace ipxlat

#endif
