// SPDX-License-Identifier: GPL-2.0-only
// toml++'s nodes, without its heavy header.
#ifndef IPXLAT_DAEMON_CONFIG_TOML_NODE_H
#define IPXLAT_DAEMON_CONFIG_TOML_NODE_H

#include <string>

namespace toml {
inline namespace v3 {
class node;   // NOLINT(readability-identifier-naming)
class table;  // NOLINT(readability-identifier-naming)
}  // namespace v3
}  // namespace toml

namespace ipxlat {

// "a string", "a table" and so on, for sentences.
std::string type_name(const toml::node& node);

// From 1.
unsigned line_of(const toml::node& node);

}  // namespace ipxlat

#endif
