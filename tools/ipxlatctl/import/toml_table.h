// SPDX-License-Identifier: GPL-2.0-only
// One instance of an ipxlatd.toml(5) that is written.
#ifndef IPXLAT_TOOLS_IPXLATCTL_IMPORT_TOML_TABLE_H
#define IPXLAT_TOOLS_IPXLATCTL_IMPORT_TOML_TABLE_H

#include <string>
#include <utility>
#include <vector>

#include "lib/address.h"

namespace ipxlat::ctl {

// Values as TOML writes them.
std::string toml(const std::string& text);
std::string toml(const std::vector<std::string>& texts);
std::string toml(const std::vector<Prefix4>& prefixes);
std::string toml(const std::vector<MapEntry>& map);  // a pair a line

// {protocol = "tcp", address = "203.0.113.80", port = 443, to = "[2001:db8::80]:443"} and the like
struct Forward {
  std::string protocol{};  // empty: all of the address
  std::string address{};   // empty: the uplink's
  unsigned port = 0;       // 0: none
  std::string to;

  bool operator==(const Forward&) const = default;
};
std::string toml(const std::vector<Forward>& forwards);  // a table a line

class TomlTable {
 public:
  // `kind` is "nat64" and so on.
  TomlTable(const std::string& kind, const std::string& name);

  // "nat64.edge", and "nat64.edge.pref64" of a key.
  const std::string& path() const { return path_; }
  std::string path(const std::string& key) const { return path_ + "." + key; }

  // `value` is TOML; of a key that is there already it is replaced.
  void set(const std::string& key, const std::string& value);
  bool has(const std::string& key) const;
  // A line below the keys that is for whoever reads the file.
  void remark(const std::string& line) { remarks_ += "# " + line + "\n"; }

  // "[nat64.edge]" and a line for each key, in the order in which they came.
  std::string text() const;

 private:
  std::string path_;
  std::vector<std::pair<std::string, std::string>> keys_;
  std::string remarks_;
};

// What may be the name of an instance; other characters of `text` become '-'.
std::string instance_name(const std::string& text);

}  // namespace ipxlat::ctl

#endif
