// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/session_times.h"

#include <netinet/in.h>

#include <array>
#include <charconv>

#include "daemon/nft/rule_builder.h"

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

std::array<Times, 3> times(nft::Family family) {
  const uint8_t icmp = family == nft::Family::kIp6 ? uint8_t{IPPROTO_ICMPV6} : uint8_t{IPPROTO_ICMP};
  return {{{"udp", IPPROTO_UDP, {kUdp, kUdp}},
           {"tcp",
            IPPROTO_TCP,
            // from SYN_SENT to CLOSE, SYN_SENT2; what is repeated or not acknowledged
            {kTransitory, kTransitory, kEstablished, kEstablished, kEstablished, kTransitory, kTransitory,
             kTransitory, kTransitory, kEstablished, kEstablished}},
           {"icmp", icmp, {kIcmp}}}};
}

constexpr const char* kUdpOffloaded = "net/netfilter/nf_conntrack_udp_timeout_stream";

}  // namespace

std::vector<nft::Object> session_times(nft::Family family) {
  std::vector<nft::Object> objects;
  for (auto& one : times(family))
    objects.push_back({one.name, nft::ConntrackTimeout{family, one.protocol, std::move(one.seconds)}});
  return objects;
}

std::vector<nft::Rule> give_session_times(nft::Family family) {
  std::vector<nft::Rule> rules;
  for (const auto& one : times(family))
    rules.push_back(nft::RuleBuilder(family)
                        .l4proto(one.protocol)
                        .statement(nft::Refer{nft::ObjectType::kConntrackTimeout, one.name})
                        .comment("RFC 6146 section 4"));
  return rules;
}

void want_times_of_offloaded(Unit& unit, const Seen& seen, bool manage) {
  const std::string now = seen.sysctl(kUdpOffloaded);
  uint32_t seconds = kUdp;
  std::from_chars(now.data(), now.data() + now.size(), seconds);
  const bool ours = seen.changed.contains(kUdpOffloaded);
  if (seconds >= kUdp && !ours) return;
  if (manage)
    unit.resources.push_back(Sysctl{kUdpOffloaded, std::to_string(kUdp)});
  else
    unit.report.warnings.push_back("offloaded UDP flows live for " + now + " s only (" +
                                   sysctl_name(kUdpOffloaded) + "), and manage-sysctls is false");
}

}  // namespace ipxlat
