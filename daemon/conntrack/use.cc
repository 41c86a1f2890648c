// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/conntrack/use.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ipxlat::conntrack {

// A line of names, and for each processor one of hexadecimal numbers; the first is the same in all.
Use parse_statistics(std::istream& text) {
  std::vector<std::string> names;
  std::string line;
  std::getline(text, line);
  std::istringstream header(line);
  for (std::string name; header >> name;) names.push_back(name);
  Use use;
  while (std::getline(text, line)) {
    std::istringstream numbers(line);
    uint64_t number = 0;
    for (size_t column = 0; column < names.size() && numbers >> std::hex >> number; column++) {
      if (names[column] == "entries") use.entries = number;
      if (names[column] == "drop") use.dropped += number;
      if (names[column] == "early_drop") use.let_go += number;
    }
  }
  return use;
}

std::optional<Use> read_use() {
  std::ifstream statistics("/proc/net/stat/nf_conntrack");
  if (!statistics) return std::nullopt;
  Use use = parse_statistics(statistics);
  std::ifstream("/proc/sys/net/netfilter/nf_conntrack_max") >> use.most;
  return use;
}

}  // namespace ipxlat::conntrack
