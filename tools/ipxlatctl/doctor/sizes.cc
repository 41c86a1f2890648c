// SPDX-License-Identifier: GPL-2.0-only
// MTUs and fragments (RFC 8200 section 5, RFC 7915 section 4).
#include <algorithm>

#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

constexpr uint32_t kLeast6 = 1280;

// What IPv6 may send there: a router may have advertised less than the link takes.
uint32_t mtu6(const Observed& observed, const std::string& name, const Link& link) {
  auto advertised = observed.sysctl_number("net/ipv6/conf/" + name + "/mtu");
  return advertised ? static_cast<uint32_t>(std::min<uint64_t>(*advertised, link.mtu)) : link.mtu;
}

std::string set_lowest(const Translator& t, uint32_t mtu) {
  if (t.instance.empty()) return "ipxlatctl set " + t.device + " lowest-ipv6-mtu " + std::to_string(mtu);
  return "lowest-ipv6-mtu = " + std::to_string(mtu) + " in [" + t.instance +
         "], then systemctl reload ipxlatd";
}

void look_at(const Observed& observed, const Translator& t, const std::string& name, Findings& findings) {
  auto link = observed.links.find(name);
  if (link == observed.links.end()) return;
  if (link->second.mtu < kLeast6) {
    findings.push_back(
        {name, name + " takes packets of " + std::to_string(link->second.mtu) + " bytes, and IPv6 needs 1280",
         "ip link set " + name + " mtu 1280"});
    return;
  }
  uint32_t mtu = mtu6(observed, name, link->second);
  if (t.lowest_ipv6_mtu > mtu)
    findings.push_back({t.device,
                        t.device + " makes IPv6 packets of up to " + std::to_string(t.lowest_ipv6_mtu) +
                            " bytes of IPv4 packets that may be fragmented, and " + name + " takes " +
                            std::to_string(mtu),
                        set_lowest(t, std::max(mtu, kLeast6))});
}

void no_fragments(const Observed& observed, const std::string& path, const char* name, const char* what,
                  Findings& findings) {
  if (observed.sysctl_number(path) == 0)
    findings.push_back(
        {"", std::string(name) + " is 0: no " + what + " datagram that came in fragments is put together",
         "sysctl -w " + std::string(name) + "=4194304"});
}

}  // namespace

Findings find_sizes(const Observed& observed) {
  Findings findings;
  for (const Translator& t : observed.translators) {
    auto device = observed.links.find(t.device);
    if (device != observed.links.end() && device->second.mtu < kLeast6)
      findings.push_back({t.device,
                          t.device + " takes packets of " + std::to_string(device->second.mtu) +
                              " bytes, and IPv6 needs 1280",
                          "ip link set " + t.device + " mtu 1500"});
    // its IPv6 side: where a NAT64 has its clients, and a CLAT its network
    for (const auto& name : t.kind == "clat" ? t.uplinks : t.downlinks) look_at(observed, t, name, findings);
  }
  if (observed.translators.empty()) return findings;
  no_fragments(observed, "net/ipv4/ipfrag_high_thresh", "net.ipv4.ipfrag_high_thresh", "IPv4", findings);
  no_fragments(observed, "net/ipv6/ip6frag_high_thresh", "net.ipv6.ip6frag_high_thresh", "IPv6", findings);
  return findings;
}

}  // namespace ipxlat::ctl::doctor
