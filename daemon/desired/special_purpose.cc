// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/special_purpose.h"

namespace ipxlat {

std::vector<Prefix4> not_global() {
  static constexpr const char* kPrefixes[] = {
      "0.0.0.0/8",        // this network
      "10.0.0.0/8",       // private use
      "100.64.0.0/10",    // shared address space
      "127.0.0.0/8",      // loopback
      "169.254.0.0/16",   // link-local
      "172.16.0.0/12",    // private use
      "192.0.0.0/24",     // protocol assignments
      "192.0.2.0/24",     // documentation
      "192.88.99.0/24",   // 6to4 relay anycast, withdrawn
      "192.168.0.0/16",   // private use
      "198.18.0.0/15",    // benchmarking
      "198.51.100.0/24",  // documentation
      "203.0.113.0/24",   // documentation
      "224.0.0.0/4",      // multicast
      "240.0.0.0/4",      // reserved, and limited broadcast
  };
  std::vector<Prefix4> prefixes;
  for (const char* text : kPrefixes) prefixes.push_back(parse_prefix4(text));
  return prefixes;
}

}  // namespace ipxlat
