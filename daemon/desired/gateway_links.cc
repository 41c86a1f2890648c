// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/gateway_links.h"

#include <arpa/inet.h>

#include <algorithm>
#include <set>

#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint64_t kProxiesMost = 256;

// Where a link has an address: several of them may be in one network.
std::set<std::pair<std::string, Prefix4>> networks_of(const Seen& seen,
                                                      const std::vector<std::string>& links) {
  std::set<std::pair<std::string, Prefix4>> all;
  for (const auto& address : seen.addresses) {
    const auto* network = std::get_if<Prefix4>(&address.network);
    if (network && std::ranges::find(links, address.link) != links.end())
      all.emplace(address.link, masked(*network));
  }
  return all;
}

}  // namespace

void warn_of_missing(Unit& unit, const Seen& seen, const std::vector<std::string>& links) {
  for (const auto& name : links)
    if (!seen.link(name)) unit.report.warnings.push_back("there is no interface " + name);
}

std::vector<std::string> fast_links(const Seen& seen, const std::vector<std::string>& links,
                                    const std::string& device) {
  std::vector<std::string> fast;
  for (const auto& name : links)
    if (seen.link(name)) fast.push_back(name);
  if (!fast.empty()) fast.push_back(device);
  return fast;
}

void want_proxies(Unit& unit, const Seen& seen, const std::vector<std::string>& uplinks,
                  const std::vector<Prefix4>& networks) {
  std::set<std::string> wanted;
  for (const auto& [link, own] : networks_of(seen, uplinks)) {
    for (const auto& network : networks) {
      if (!covers(own, network)) continue;
      if (size(network) > kProxiesMost) {
        unit.report.warnings.push_back(
            to_string(network) + " lies in the network of " + link +
            " and is too large for proxy ARP (256 addresses); route it to this host");
        continue;
      }
      for (uint32_t i = 0; i < size(network); i++) {
        const Proxy proxy{link, {htonl(ntohl(network.address.s_addr) + i)}};
        if (wanted.insert(proxy.key()).second) unit.resources.push_back(proxy);
      }
    }
  }
}

}  // namespace ipxlat
