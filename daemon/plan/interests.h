// SPDX-License-Identifier: GPL-2.0-only
// The networks whose routes matter to the configuration, of which a host may have very few among very many.
#ifndef IPXLAT_DAEMON_PLAN_INTERESTS_H
#define IPXLAT_DAEMON_PLAN_INTERESTS_H

#include <array>
#include <cstdint>
#include <map>

#include "lib/networks.h"

namespace ipxlat {

class Interests {
 public:
  void add(const Network& network);

  // True if it has an address in common with one of them, or is a default route. Takes a logarithm's time.
  bool touch(const Network& network) const;

  bool operator==(const Interests&) const = default;

 private:
  using Bytes = std::array<uint8_t, 17>;  // the family, then the address
  struct Range {
    Bytes first;
    Bytes last;
  };
  static Range range_of(const Network& network);

  std::map<Bytes, Bytes> ranges_;  // first to last; no two have an address in common
};

}  // namespace ipxlat

#endif
