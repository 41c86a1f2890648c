// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/doctor/check.h"

#include <arpa/inet.h>

#include <charconv>

namespace ipxlat::ctl::doctor {
namespace {

std::string nothing_unread(const Observed&) { return {}; }

}  // namespace

const std::vector<Check>& checks() {
  static const std::vector<Check> kChecks = {
      {"features", "has the kernel what is needed", find_features,
       [](const Observed& o) { return o.kernel_modules_unread; }},
      {"forwarding", "does anything get through", find_forwarding, nothing_unread},
      {"routes", "do routes lead into the devices and out of them", find_routes, nothing_unread},
      {"firewall", "do rules of others drop what is translated", find_firewall,
       [](const Observed& o) { return o.ruleset_unread; }},
      {"rp_filter", "do reverse path filters drop what is translated", find_reverse_path, nothing_unread},
      {"sizes", "do the sizes on both sides fit", find_sizes, nothing_unread},
      {"connections", "is there room for connections", find_connections, nothing_unread},
      {"managers", "does a network manager take the devices for its own", find_managers, nothing_unread,
       note_managers},
      {"dns64", "do names lead to the gateway", find_dns64, unread_dns64},
  };
  return kChecks;
}

std::optional<uint64_t> Observed::sysctl_number(const std::string& path) const {
  auto found = sysctls.find(path);
  if (found == sysctls.end()) return {};
  uint64_t number = 0;
  const char* end = found->second.data() + found->second.size();
  auto [stop, error] = std::from_chars(found->second.data(), end, number);
  if (error != std::errc() || stop != end) return {};
  return number;
}

in_addr some_ipv4_host() { return parse_address4("1.1.1.1"); }

std::vector<in_addr> some_hosts_of(const Translator& translator) {
  if (translator.routes4.empty()) return {some_ipv4_host()};
  std::vector<in_addr> hosts;
  for (const auto& network : translator.routes4) hosts.push_back(network.address);
  return hosts;
}

in6_addr some_host_behind(const Prefix6& pref64) { return some_host_behind(pref64, some_ipv4_host()); }

in6_addr some_host_behind(const Prefix6& pref64, const in_addr& address) {
  return embedded(pref64, host(address)).address;
}

}  // namespace ipxlat::ctl::doctor
