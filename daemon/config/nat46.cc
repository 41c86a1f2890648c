// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <set>

#include "core/addr.h"
#include "daemon/config/instance.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr const char* kClients = "64:ff9b:1:46::/96";
// Of no use on any wire (RFC 1112 section 4), and seen on none: what leaves has the public address again.
constexpr const char* kInside = "240.46.0.0/16";

Prefix4 inside_prefix(const std::string& text) {
  const Prefix4 prefix = parse_network4(text);
  if (prefix.length < 8 || prefix.length > 30)
    throw std::invalid_argument("'" + text + "' has not from 4 to 16777216 addresses");
  if (ipxlat_addr4_check(prefix.address.s_addr, IPXLAT_REASON_BAD_SOURCE) != IPXLAT_REASON_OK)
    throw std::invalid_argument("'" + text + "' is not a range of unicast addresses");
  return prefix;
}

void refuse_what_contradicts(TableReader& reader, const Nat46Config& config) {
  constexpr const char* kOther = "another server";
  std::set<std::string> whole, servers;
  for (const auto& one : config.forward) {
    const std::string to = to_string(one.to);
    servers.insert(to);
    if (config.settings.remote_prefix6 && contains(*config.settings.remote_prefix6, one.to))
      reader.refuse("forward", to + " is in the prefix of the clients", kOther);
    if (one.protocol == Publication::kEverything && !whole.insert(to).second)
      reader.refuse("forward", to + " has two addresses", "one for each server; ports at others");
    if (one.address && contains(config.inside4, *one.address))
      reader.refuse("forward", to_string(*one.address) + " is in inside4", "an address that leads here");
  }
  if (servers.size() > size(config.inside4))
    reader.refuse("inside4", "it has fewer addresses than there are servers", "a larger one");
}

}  // namespace

Nat46Config read_nat46(TableReader& reader, const std::string& name) {
  Nat46Config config;
  config.name = name;
  config.device = read_device(reader, name);
  config.settings = read_settings(reader);
  config.settings.remote_prefix6 = read_remote_prefix(reader, "clients");
  if (!reader.has("clients")) config.settings.remote_prefix6 = parse_prefix6(kClients);
  config.inside4 = reader.parsed("inside4", "an IPv4 prefix, /8 to /30, that nobody uses", inside_prefix)
                       .value_or(parse_prefix4(kInside));
  config.downlinks = read_links(reader, "downlinks");
  config.uplinks = read_links(reader, "uplinks");
  config.forward = read_publications(reader, "forward", true);
  if (config.forward.empty() && !reader.refused("forward"))
    reader.refuse("", "it would translate nothing",
                  "forward = [{ address = \"203.0.113.80\", to = \"2001:db8::80\" }], and the like");
  refuse_what_contradicts(reader, config);
  if (auto manage = reader.boolean("manage-sysctls")) config.manage_sysctls = *manage;
  reader.finish();
  return config;
}

}  // namespace ipxlat
