// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "core/addr.h"
#include "daemon/config/instance.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr const char* kPool4Allowed = "an array of IPv4 prefixes, /8 to /32, such as [\"203.0.113.16/28\"]";
constexpr const char* kPool6Allowed =
    "one IPv6 prefix for each of pool4, 96 bits longer, such as [\"64:ff9b:1:fffe::c612:0/111\"]";

Prefix4 pool4_prefix(const std::string& text) {
  const Prefix4 prefix = parse_network4(text);
  if (prefix.length < 8) throw std::invalid_argument("'" + text + "' is too large");
  if (ipxlat_addr4_check(prefix.address.s_addr, IPXLAT_REASON_BAD_SOURCE) != IPXLAT_REASON_OK)
    throw std::invalid_argument("'" + text + "' is not a range of unicast addresses");
  return prefix;
}

void read_pool4(TableReader& reader, Nat64Config& config) {
  config.pool4 = reader.all_parsed("pool4", kPool4Allowed, pool4_prefix);
  const bool given = reader.has("pool4");
  if (given && !reader.refused("pool4") && config.pool4.empty())
    reader.refuse("pool4", "it is empty", kPool4Allowed);
  refuse_overlaps(reader, "pool4", config.pool4, kPool4Allowed);
  config.mode = given ? Nat64Mode::kPool : Nat64Mode::kMasquerade;
  const auto mode = reader.parsed("mode", "\"masquerade\" or \"pool\"", [](const std::string& text) {
    if (text == "masquerade") return Nat64Mode::kMasquerade;
    if (text == "pool") return Nat64Mode::kPool;
    throw std::invalid_argument("'" + text + "' is no mode");
  });
  if (mode) config.mode = *mode;
  if (given) return;
  if (config.mode == Nat64Mode::kPool) return reader.refuse("mode", "pool mode without pool4", kPool4Allowed);
  config.pool4 = {parse_prefix4("198.18.0.0/15")};  // RFC 2544: of no use on a network in service
}

void pair_pools(TableReader& reader, const Nat64Config& config) {
  const size_t pairs = config.pool4.size();
  if (config.pool6.size() != pairs)
    return reader.refuse(
        "pool6",
        "it has " + std::to_string(config.pool6.size()) + " entries and pool4 " + std::to_string(pairs),
        kPool6Allowed);
  for (size_t i = 0; i < pairs; i++)
    if (config.pool6[i].length != 96 + config.pool4[i].length)
      reader.refuse("pool6",
                    to_string(config.pool6[i]) + " is not 96 bits longer than " + to_string(config.pool4[i]),
                    kPool6Allowed);
}

void read_pool6(TableReader& reader, Nat64Config& config) {
  config.pool6 =
      reader.all_parsed("pool6", kPool6Allowed, [](const std::string& t) { return parse_network6(t); });
  if (!reader.has("pool6")) {
    for (const auto& prefix : config.pool4) config.pool6.push_back(internal6(prefix));
    return;
  }
  const auto& pref64 = config.settings.remote_prefix6;
  for (const Prefix6& prefix : config.pool6) {
    if (ipxlat_addr6_check(&prefix.address, IPXLAT_REASON_BAD_SOURCE) != IPXLAT_REASON_OK)
      reader.refuse("pool6", to_string(prefix) + " is not a range of unicast addresses", kPool6Allowed);
    if (pref64 && overlap(prefix, *pref64))
      reader.refuse("pool6", to_string(prefix) + " overlaps pref64 " + to_string(*pref64), kPool6Allowed);
  }
  refuse_overlaps(reader, "pool6", config.pool6, kPool6Allowed);
  if (!reader.refused("pool4") && !reader.refused("pool6")) pair_pools(reader, config);
}

// Each part needs two halves: what is refused by its source is told apart there (sources_refused()).
void read_routes4(TableReader& reader, Nat64Config& config) {
  constexpr const char* kAllowed = "an array of IPv4 prefixes, such as [\"198.51.100.0/24\"]";
  config.routes4 =
      reader.all_parsed("routes4", kAllowed, [](const std::string& text) { return parse_network4(text); });
  if (reader.has("routes4") && !reader.refused("routes4") && config.routes4.empty())
    reader.refuse("routes4", "it is empty", kAllowed);
  refuse_overlaps(reader, "routes4", config.routes4, kAllowed);
  if (!config.settings.remote_prefix6) return;
  for (const auto& network : config.routes4)
    if (embedded(*config.settings.remote_prefix6, network).length == 128)
      reader.refuse(
          "routes4",
          to_string(network) + " is a single address below " + to_string(*config.settings.remote_prefix6),
          "networks of at least two addresses with a pref64 of length 96");
}

void read_links_of(TableReader& reader, Nat64Config& config) {
  config.downlinks = read_links(reader, "downlinks");
  config.uplinks = read_links(reader, "uplinks");
  const bool masquerades = config.mode == Nat64Mode::kMasquerade && !reader.refused("mode");
  if (masquerades && config.uplinks.empty() && !reader.refused("uplinks"))
    reader.refuse("uplinks", "masquerade mode needs to know the interfaces toward IPv4",
                  "an array of interface names, such as [\"eth1\"]");
  for (const std::string key : {"downlinks", "uplinks"}) {
    const auto& links = key == "uplinks" ? config.uplinks : config.downlinks;
    if (std::find(links.begin(), links.end(), config.device) != links.end())
      reader.refuse(key, "'" + config.device + "' is the instance's own device", "other interfaces");
  }
}

void read_forward(TableReader& reader, Nat64Config& config) {
  config.forward = read_publications(reader, "forward", false);
  if (reader.refused("mode") || reader.refused("pool4")) return;
  for (const auto& one : config.forward) {
    const auto holds = [&](const Prefix4& pool) { return one.address && contains(pool, *one.address); };
    if (config.mode == Nat64Mode::kMasquerade && one.address)
      reader.refuse("forward", one.outside() + ": the address is the uplink's in masquerade mode",
                    "services without an address");
    if (config.mode == Nat64Mode::kPool && std::none_of(config.pool4.begin(), config.pool4.end(), holds))
      reader.refuse("forward", one.outside() + " is not at an address of pool4", "address = one of pool4");
  }
}

void read_limits(TableReader& reader, Nat64Config& config) {
  constexpr int64_t kMost = 1000000;
  if (auto most = reader.integer("max-flows", 1, 16 * kMost)) config.max_flows = static_cast<uint32_t>(*most);
  if (auto length = reader.integer("client-prefix-length", 32, 128))
    config.client_prefix_length = static_cast<uint8_t>(*length);
  if (auto most = reader.integer("max-flows-per-client", 1, kMost))
    config.max_flows_per_client = static_cast<uint32_t>(*most);
  if (auto most = reader.integer("max-new-flows-per-client", 1, kMost))
    config.max_new_flows_per_client = static_cast<uint32_t>(*most);
}

void read_log(TableReader& reader, MappingLogConfig& log) {
  constexpr const char* kAllowed = "\"none\", \"sessions\" or \"blocks\"";
  const auto kind = reader.parsed("log", kAllowed, [](const std::string& text) {
    if (text == "none") return MappingLogKind::kNone;
    if (text == "sessions") return MappingLogKind::kSessions;
    if (text == "blocks") return MappingLogKind::kBlocks;
    throw std::invalid_argument("'" + text + "' is no mapping log");
  });
  if (kind) log.kind = *kind;
  if (auto destinations = reader.boolean("log-destinations")) log.destinations = *destinations;
  const auto file = reader.parsed("log-file", "an absolute path", [](const std::string& text) {
    if (!text.starts_with("/") || text.ends_with("/"))
      throw std::invalid_argument("'" + text + "' is no absolute path of a file");
    return text;
  });
  if (file) log.file = *file;
  for (const std::string key : {"log-destinations", "log-file"})
    if (reader.has(key) && !reader.has("log"))
      reader.refuse(key, "there is no log", "it with log = \"sessions\"");
  if (log.kind != MappingLogKind::kBlocks) return;
  if (!reader.has("port-blocks"))
    reader.refuse("log", "the clients have no blocks", "it with port-blocks, or log = \"sessions\"");
  if (log.destinations)
    reader.refuse("log-destinations", "a block has no destination", "it with log = \"sessions\"");
}

}  // namespace

Nat64Config read_nat64(TableReader& reader, const std::string& name) {
  Nat64Config config;
  config.name = name;
  config.device = read_device(reader, name);
  config.settings = read_settings(reader);
  config.lowest_ipv6_mtu_given = reader.has("lowest-ipv6-mtu");
  config.settings.remote_prefix6 = read_remote_prefix(reader, "pref64");
  reader.require("pref64", "an IPv6 prefix, such as \"64:ff9b::/96\"");
  read_routes4(reader, config);
  read_pool4(reader, config);
  read_pool6(reader, config);
  read_links_of(reader, config);
  config.allow_private =
      reader.all_parsed("allow-private", "an array of IPv4 prefixes, such as [\"10.0.0.0/8\"]",
                        [](const std::string& text) { return parse_network4(text); });
  read_forward(reader, config);
  read_limits(reader, config);
  read_port_blocks(reader, config);
  read_log(reader, config.log);
  if (auto flowtable = reader.boolean("flowtable")) config.flowtable = *flowtable;
  if (auto manage = reader.boolean("manage-sysctls")) config.manage_sysctls = *manage;
  reader.finish();
  return config;
}

}  // namespace ipxlat
