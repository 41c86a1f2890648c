// SPDX-License-Identifier: GPL-2.0-only
#include <fnmatch.h>

#include "core/addr.h"
#include "daemon/config/instance.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr const char* kAddress6Allowed =
    "\"dedicated\", \"temporary\", \"shared\", an IPv6 address, or an IPv6 prefix together with local4";

using Address6 = decltype(ClatConfig::address6);

Address6 address6_choice(const std::string& text) {
  if (text == "dedicated") return DedicatedAddress{};
  if (text == "temporary") return TemporaryAddress{};
  if (text == "shared") return SharedAddress{};
  const auto usable = [&](const in6_addr& address) {
    if (ipxlat_addr6_check(&address, IPXLAT_REASON_BAD_SOURCE) != IPXLAT_REASON_OK)
      throw std::invalid_argument("'" + text + "' is not unicast of a scope that a router forwards");
    return address;
  };
  if (text.find('/') == text.npos) return usable(parse_address6(text));
  const Prefix6 network = parse_network6(text);
  usable(network.address);
  return network;
}

ClatMode clat_mode(const std::string& text) {
  if (text == "auto") return ClatMode::kAuto;
  if (text == "force") return ClatMode::kForce;
  if (text == "off") return ClatMode::kOff;
  throw std::invalid_argument("'" + text + "' is no mode");
}

std::optional<Prefix6> read_pref64(TableReader& reader) {
  const auto given = reader.text("pref64", "\"auto\", or an IPv6 prefix, such as \"64:ff9b::/96\"");
  if (!given || given == "auto" || reader.refused("pref64")) return std::nullopt;
  return read_remote_prefix(reader, "pref64");
}

std::vector<in6_addr> read_resolvers(TableReader& reader, bool given) {
  constexpr const char* kAllowed = "an array of IPv6 addresses of resolvers, together with pref64 = \"auto\"";
  auto resolvers = reader.all_parsed("dns", kAllowed, [](const std::string& text) {
    const in6_addr address = parse_address6(text);
    if (IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_MULTICAST(&address))
      throw std::invalid_argument("'" + text + "' is no address of a resolver");
    return address;
  });
  if (given && !resolvers.empty()) reader.refuse("dns", "pref64 is given", kAllowed);
  return resolvers;
}

void read_addresses(TableReader& reader, ClatConfig& config, const std::optional<Prefix6>& pref64) {
  const auto choice = reader.parsed("address6", kAddress6Allowed, address6_choice);
  if (choice) config.address6 = *choice;
  config.local4 = reader.parsed("local4", "an IPv4 prefix, together with a prefix as address6",
                                [](const std::string& text) { return parse_network4(text); });
  if (reader.refused("address6") || reader.refused("local4")) return;
  const auto* prefix = std::get_if<Prefix6>(&config.address6);
  if (prefix && !config.local4)
    reader.refuse("address6", to_string(*prefix) + " is a prefix, and local4 is missing",
                  "local4 = \"192.0.2.0/24\" beside it, or an address without a length");
  if (!prefix && config.local4)
    reader.refuse("local4", "address6 is not a prefix", "local4 only together with a prefix as address6");
  if (prefix && config.local4 && 32 - config.local4->length > 128 - prefix->length)
    reader.refuse(
        "local4", to_string(*config.local4) + " does not fit into " + to_string(*prefix),
        "a prefix with at most " + std::to_string(128 - prefix->length) + " bits behind its length");
  if (prefix && pref64 && overlap(*prefix, *pref64))
    reader.refuse("address6", to_string(*prefix) + " overlaps pref64",
                  "the host's side has a prefix of its own");
}

void read_downlinks(TableReader& reader, ClatConfig& config) {
  config.downlinks = read_links(reader, "downlinks");
  if (auto manage = reader.boolean("manage-sysctls")) config.manage_sysctls = *manage;
  const auto refuse = [&](const std::string& why, const char* allowed) {
    reader.refuse("downlinks", why, allowed);
  };
  if (!config.downlinks.empty() && std::holds_alternative<Prefix6>(config.address6))
    refuse("address6 is a prefix, whose network needs no NAT",
           "downlinks together with an address of the host");
  // NAT would have to be told which of its addresses is of today
  if (!config.downlinks.empty() && std::holds_alternative<TemporaryAddress>(config.address6))
    refuse("address6 is temporary", "downlinks together with a dedicated, a shared or a given address");
  for (const auto& link : config.downlinks)
    for (const auto& uplink : config.uplinks)
      if (link == config.device)
        refuse("'" + link + "' is the instance's own device", "other interfaces");
      else if (fnmatch(uplink.c_str(), link.c_str(), 0) == 0)
        refuse("'" + link + "' is among the uplinks, by '" + uplink + "'", "other interfaces");
}

}  // namespace

ClatConfig read_clat(TableReader& reader, const std::string& name) {
  ClatConfig config;
  config.name = name;
  config.device = read_device(reader, name);
  const std::string links = "an array of interface names or patterns, such as [\"eth0\", \"wl*\"]";
  config.uplinks = reader.all_parsed("uplinks", links, [&](const std::string& pattern) {
    if (pattern.empty() || pattern == config.device)
      throw std::invalid_argument("'" + pattern + "' cannot be an uplink");
    return pattern;
  });
  if (config.uplinks.empty() && !reader.refused("uplinks"))
    reader.refuse("uplinks", "the interfaces toward IPv6 are missing", links);
  config.pref64 = read_pref64(reader);
  config.resolvers = read_resolvers(reader, config.pref64.has_value());
  read_addresses(reader, config, config.pref64);
  if (auto mode = reader.parsed("mode", "\"auto\", \"force\" or \"off\"", clat_mode)) config.mode = *mode;
  if (auto metric = reader.integer("route-metric", 0, UINT32_MAX))
    config.route_metric = static_cast<uint32_t>(*metric);
  read_downlinks(reader, config);
  reader.finish();
  return config;
}

}  // namespace ipxlat
