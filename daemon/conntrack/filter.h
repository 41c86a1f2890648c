// SPDX-License-Identifier: GPL-2.0-only
// Which entries of the connection tracker are meant.
#ifndef IPXLAT_DAEMON_CONNTRACK_FILTER_H
#define IPXLAT_DAEMON_CONNTRACK_FILTER_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/networks.h"

namespace ipxlat::conntrack {

// As much of an entry as filters look at. Networks hold one address each.
struct Entry {
  Network source;       // of the first packet
  Network destination;  // of the first packet
  Network translated;   // the source that whoever answers sees
  uint16_t zone = 0;
};

// Members that are not given mean every entry.
struct Filter {
  std::optional<Network> source{};
  std::optional<Network> destination{};
  std::optional<uint16_t> zone{};
  std::vector<Network> translated_as{};  // but those whose translated source is in one of these
  // Unless empty: what goes to one of these must be translated so, and what goes elsewhere must not.
  std::vector<Network> translated_to{};

  bool operator==(const Filter&) const = default;
};

bool matches(const Filter& filter, const Entry& entry);

// "from 198.18.0.0/15 but as 203.0.113.2/32", "to 64:ff9b::/96 but as 2001:db8:64::/111, and elsewhere as
// that".
std::string describe(const Filter& filter);

}  // namespace ipxlat::conntrack

#endif
