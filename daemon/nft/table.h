// SPDX-License-Identifier: GPL-2.0-only
// An nftables table as a plain value.
#ifndef IPXLAT_DAEMON_NFT_TABLE_H
#define IPXLAT_DAEMON_NFT_TABLE_H

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/nft/expression.h"
#include "daemon/nft/set.h"

namespace ipxlat::nft {

enum class Family : uint8_t { kInet = 1, kIp4 = 2, kNetdev = 5, kIp6 = 10 };  // NFPROTO_*

struct Rule {
  std::string comment;  // what it is for; at most 127 bytes
  std::vector<Expression> expressions;
  bool operator==(const Rule&) const = default;
};

enum class Hook : uint32_t { kPrerouting, kInput, kForward, kOutput, kPostrouting };  // NF_INET_*
inline constexpr auto kIngress = static_cast<Hook>(0);  // of the family netdev: NF_NETDEV_INGRESS

// What nft(8) calls the priorities "raw", "filter" and "srcnat" (NF_IP_PRI_*, NF_IP6_PRI_*).
inline constexpr int32_t kRaw = -300, kFilter = 0, kSourceNat = 100;

// Behind everybody's translation of sources.
inline constexpr int32_t kBehindSourceNat = kSourceNat + 10;

// Behind everybody's rules at "filter": what those drop is not seen.
inline constexpr int32_t kBehindFilters = 10;

// Behind everybody's rules and everybody's NAT; connection tracking alone is later, and remembers the packet.
inline constexpr int32_t kBehindAll = 300;

// What a flowtable is called where a table has one.
inline constexpr const char* kFast = "fast";

// Of chains of type nat that translate what nobody else may. All such chains are asked by one hook, those of
// one priority the newest first, and the first that translates is the last that is asked. So this is in front
// of what anybody takes; connection tracking itself has -200.
inline constexpr int32_t kOwnNat = -190;

struct Chain {
  std::string name;
  std::string type{};  // "filter" or "nat"; empty: other chains lead here
  Hook hook = Hook::kPrerouting;
  int32_t priority = 0;
  std::vector<Rule> rules{};
  bool drops = false;                  // its policy
  std::vector<std::string> devices{};  // of a chain of the family netdev
  bool operator==(const Chain&) const = default;
};

// Flows that pass by the hooks, once established, between these devices.
struct Flowtable {
  std::string name;
  int32_t priority = 0;
  std::vector<std::string> devices{};
  bool operator==(const Flowtable&) const = default;
};

// The named objects, each with its state in the kernel.
struct NamedCounter {
  bool operator==(const NamedCounter&) const = default;
};
struct NamedLimit {
  uint64_t rate = 0;   // packets
  uint64_t unit = 1;   // in so many seconds
  uint32_t burst = 5;  // packets
  bool operator==(const NamedLimit&) const = default;
};
// How long an entry of the connection tracker lives after its last packet.
struct ConntrackTimeout {
  Family family = Family::kIp6;   // kIp4 or kIp6
  uint8_t protocol = 0;           // IPPROTO_*
  std::vector<uint32_t> seconds;  // of every state, in the order of the kernel's CTA_TIMEOUT_TCP_* and kin
  bool operator==(const ConntrackTimeout&) const = default;
};
struct Object {
  std::string name;
  std::variant<NamedCounter, NamedLimit, ConntrackTimeout> what;
  bool operator==(const Object&) const = default;
};

struct Table {
  Family family = Family::kInet;
  std::string name;
  std::string owner;  // the instance, "nat64.edge"; empty: it is not marked as ours
  std::vector<Chain> chains{};
  std::vector<NamedSet> sets{};
  std::vector<Flowtable> flowtables{};
  std::vector<Object> objects{};
  bool operator==(const Table&) const = default;
};

// With the indices of devices that expressions name, as `index_of` gives them.
Table with_indices(Table table, const std::function<uint32_t(const std::string&)>& index_of);

}  // namespace ipxlat::nft

#endif
