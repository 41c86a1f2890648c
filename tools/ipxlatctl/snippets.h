// SPDX-License-Identifier: GPL-2.0-only
// What other programs are told about a NAT64, in the words of their own configuration.
#ifndef IPXLAT_TOOLS_IPXLATCTL_SNIPPETS_H
#define IPXLAT_TOOLS_IPXLATCTL_SNIPPETS_H

#include <cstdint>
#include <string>
#include <vector>

#include "lib/address.h"

namespace ipxlat::ctl {

struct Gateway {
  std::string instance;                 // "nat64.edge"
  Prefix6 pref64;                       // of one of the six lengths of RFC 6052
  std::vector<std::string> interfaces;  // that lead to clients
  // How long a client may keep the prefix, in seconds; a multiple of 8, at most 65528 (RFC 8781 section 4).
  uint32_t lifetime = 1800;
};

// DNS64 (RFC 6147), with the names of RFC 8880 as data of its own.
std::string unbound_snippet(const Gateway& gateway);
std::string bind_snippet(const Gateway& gateway);

// PREF64 in router advertisements (RFC 8781).
std::string radvd_snippet(const Gateway& gateway);
std::string networkd_snippet(const Gateway& gateway);

}  // namespace ipxlat::ctl

#endif
