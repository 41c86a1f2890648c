// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/session_times.h"

#include <netinet/in.h>

#include <array>
#include <charconv>

namespace ipxlat {
namespace {

// seconds
constexpr uint32_t kEstablished = 7440;  // TCP_EST, which half-closed connections have, too
constexpr uint32_t kTransitory = 240;    // TCP_TRANS
constexpr uint32_t kUdp = 300;           // UDP_DEFAULT
constexpr uint32_t kIcmp = 60;           // ICMP_DEFAULT

struct Times {
  const char* name;
  uint8_t protocol;
  std::vector<uint32_t> seconds;
};

const std::array<Times, 2>& times() {
  // of TCP from SYN_SENT to CLOSE, SYN_SENT2; what is repeated, or not acknowledged
  static const std::array<Times, 2> kTimes = {
      {{"udp", IPPROTO_UDP, {kUdp, kUdp}},
       {"tcp",
        IPPROTO_TCP,
        {kTransitory, kTransitory, kEstablished, kEstablished, kEstablished, kTransitory, kTransitory,
         kTransitory, kTransitory, kEstablished, kEstablished}}}};
  return kTimes;
}

struct NamespaceTime {
  const char* path;
  uint32_t least;
};
constexpr NamespaceTime kNamespace[] = {{"net/netfilter/nf_conntrack_icmp_timeout", kIcmp},
                                        {"net/netfilter/nf_conntrack_icmpv6_timeout", kIcmp}};
// Since Linux 6.14 a connection that ends stays offloaded, and counts as reset when it has fallen idle.
constexpr NamespaceTime kOffloaded[] = {{"net/netfilter/nf_conntrack_udp_timeout_stream", kUdp},
                                        {"net/netfilter/nf_conntrack_tcp_timeout_established", kEstablished},
                                        {"net/netfilter/nf_conntrack_tcp_timeout_close", kTransitory}};

// There is none as long as nothing is tracked.
void want(Unit& unit, const Seen& seen, const NamespaceTime& time, bool manage) {
  const std::string now = seen.sysctl(time.path);
  uint32_t seconds = time.least;
  std::from_chars(now.data(), now.data() + now.size(), seconds);
  if (seconds >= time.least && !seen.changed.contains(time.path)) return;
  const std::string least = std::to_string(time.least);
  if (manage)
    unit.resources.push_back(Sysctl{time.path, least});
  else
    unit.report.warnings.push_back(sysctl_name(time.path) + " is " + now + ", less than the " + least +
                                   " of RFC 6146, and manage-sysctls is false");
}

}  // namespace

std::vector<nft::Object> session_times(nft::Family family) {
  std::vector<nft::Object> objects;
  for (const auto& one : times())
    objects.push_back({one.name, nft::ConntrackTimeout{family, one.protocol, one.seconds}});
  return objects;
}

nft::RuleBuilder& give_session_times(nft::RuleBuilder& match) {
  for (const auto& one : times()) match.statement(nft::Refer{nft::ObjectType::kConntrackTimeout, one.name});
  return match;
}

void want_times_of_namespace(Unit& unit, const Seen& seen, bool offloads, bool manage) {
  for (const auto& time : kNamespace) want(unit, seen, time, manage);
  if (!offloads) return;
  for (const auto& time : kOffloaded) want(unit, seen, time, manage);
}

}  // namespace ipxlat
