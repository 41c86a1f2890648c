// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_PLAN_KNOWLEDGE_H
#define IPXLAT_DAEMON_PLAN_KNOWLEDGE_H

#include <netinet/in.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/plan/time.h"
#include "lib/address.h"

namespace ipxlat {

// Of a NAT64 that is reached through a link.
struct LearntPrefix {
  uint32_t ifindex = 0;
  Prefix6 prefix;
  Time until;

  bool operator==(const LearntPrefix&) const = default;
};

// Whom a link's routers name to ask for names (RFC 8106).
struct LearntResolver {
  uint32_t ifindex = 0;
  in6_addr address{};

  bool operator==(const LearntResolver& other) const {
    return ifindex == other.ifindex && IN6_ARE_ADDR_EQUAL(&address, &other.address);
  }
};

// How the prefix of a link's NAT64 is looked for by its name (RFC 7050).
struct Search {
  std::string link;
  std::vector<std::string> resolvers;  // addresses; none: those of the host
  bool routers_are_heard = false;      // who may tell it as well

  bool operator==(const Search&) const = default;
};

// Where prefixes of NAT64s are to be learnt: links by their index.
struct Discovery {
  std::set<uint32_t> links;            // whose routers are listened to
  std::map<uint32_t, Search> by_name;  // those of them on which no router tells one

  bool operator==(const Discovery&) const = default;
};

// What sources have learnt that cannot be read from the kernel when it is needed: what somebody announced,
// with the time until which it holds. A source adds its member here.
struct Knowledge {
  std::vector<LearntPrefix> advertised;     // by routers (RFC 8781); each prefix of a link once
  std::vector<LearntPrefix> resolved{};     // by name (RFC 7050); the same
  std::vector<LearntResolver> resolvers{};  // each of a link once
  std::string unheard{};                    // why no router can be listened to; empty: they are

  bool operator==(const Knowledge&) const = default;
};

}  // namespace ipxlat

#endif
