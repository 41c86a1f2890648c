// SPDX-License-Identifier: GPL-2.0-only
// A TOML document as plain values that know their line.
#ifndef IPXLAT_DAEMON_CONFIG_TREE_H
#define IPXLAT_DAEMON_CONFIG_TREE_H

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace ipxlat {

// what(): "FILE:LINE: KEY: what is wrong; what is allowed".
struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Node;
struct Member;
using Array = std::vector<Node>;
using Members = std::vector<Member>;  // in the order of the document

// A date or a time, which no key takes.
struct Moment {};

struct Node {
  unsigned line = 0;  // from 1
  std::variant<bool, int64_t, double, std::string, Moment, Array, Members> value;

  const Members* members() const { return std::get_if<Members>(&value); }
  // "a string", "a table" and so on, for messages.
  const char* type_name() const;
};

struct Member {
  std::string key;
  Node value;
};

// The root is a table. ConfigError if the file cannot be read or is not TOML.
Node read_tree(const std::filesystem::path& file);

}  // namespace ipxlat

#endif
