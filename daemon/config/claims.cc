// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/claims.h"

#include <algorithm>

#include "lib/networks.h"

namespace ipxlat {
namespace {

struct Claim {
  std::string key;
  std::string what;
  std::string value;
  std::string allowed;
};

// An empty value was refused already.
bool enter(TableReader& reader, std::map<std::string, std::string>& claims, const Claim& claim,
           const std::string& where) {
  if (claim.value.empty()) return true;
  const auto [found, fresh] = claims.emplace(claim.value, where);
  if (!fresh)
    reader.refuse(claim.key, claim.what + " '" + claim.value + "' is taken by " + found->second,
                  claim.allowed);
  return fresh;
}

// False for networks of different families.
bool covers(const Network& outer, const Network& inner) {
  if (is_ipv6(outer) != is_ipv6(inner)) return false;
  if (is_ipv6(outer)) return covers(std::get<Prefix6>(outer), std::get<Prefix6>(inner));
  return covers(std::get<Prefix4>(outer), std::get<Prefix4>(inner));
}

template <class Prefix>
std::vector<Network> networks(const std::vector<Prefix>& prefixes) {
  return {prefixes.begin(), prefixes.end()};
}

}  // namespace

bool Claims::claim_name(TableReader& reader, const std::string& name, const std::string& where) {
  return enter(reader, names_, {"", "the name", name, "names that differ"}, where);
}

void Claims::claim_device(TableReader& reader, const std::string& device, const std::string& where) {
  enter(reader, devices_, {"device", "the device", device, "a device for each instance"}, where);
}

void Claims::claim_remote(TableReader& reader, const std::string& key, const std::optional<Prefix6>& prefix,
                          const std::string& where, const std::string& instance) {
  const std::string value = prefix ? to_string(*prefix) : "";
  const bool fresh = enter(reader, remotes_, {key, "the prefix", value, "a prefix for each instance"}, where);
  if (prefix && fresh) claim_networks(reader, key, {*prefix}, instance);
}

void Claims::claim_networks(TableReader& reader, const std::string& key, std::vector<Network> networks,
                            const std::string& instance) {
  std::sort(networks.begin(), networks.end());
  for (const auto& network : networks) {
    auto behind = networks_.upper_bound(network);
    auto other = behind;
    const bool within = behind != networks_.begin() && covers((--other)->first, network);
    if (within && other->second == instance) continue;
    if (!within) other = behind;
    while (other != networks_.end() && covers(network, other->first) && other->second == instance)
      other = networks_.erase(other);
    if (within || (other != networks_.end() && covers(network, other->first)))
      // of a large map the first is enough
      return reader.refuse(
          key, to_string(network) + " overlaps " + to_string(other->first) + " of " + other->second,
          "addresses that no other instance has");
    networks_.emplace(network, instance);
  }
}

void Claims::make(TableReader& reader, const Nat64Config& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  const std::string name = "nat64." + instance.name;
  if (instance.routes4.empty())
    claim_remote(reader, "pref64", instance.settings.remote_prefix6, where, name);
  else if (instance.settings.remote_prefix6 && !reader.refused("routes4"))
    claim_networks(reader, "routes4", networks(instance.routed6()), name);
  claim_networks(reader, "pool4", networks(instance.pool4), name);
  // whoever has no pool6 of its own has the one that follows from pool4
  if (!reader.refused("pool4")) claim_networks(reader, "pool6", networks(instance.pool6), name);
}

void Claims::make(TableReader& reader, const ClatConfig& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  for (const auto& pattern : instance.uplinks)
    enter(reader, clat_uplinks_, {"uplinks", "the uplink", pattern, "one CLAT for each uplink"}, where);
  if (const auto* prefix = std::get_if<Prefix6>(&instance.address6))
    claim_networks(reader, "address6", {*prefix}, "clat." + instance.name);
}

void Claims::make(TableReader& reader, const SiitConfig& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  const std::string name = "siit." + instance.name;
  claim_remote(reader, "remote-prefix6", instance.settings.remote_prefix6, where, name);
  std::vector<Network> mapped;
  for (const auto& entry : instance.map) mapped.push_back(entry.prefix4);
  const std::string key = reader.has("local-map-file") ? "local-map-file" : "local-map";
  if (!reader.refused(key)) claim_networks(reader, key, mapped, name);
}

void Claims::make(TableReader& reader, const Nat46Config& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  const std::string name = "nat46." + instance.name;
  claim_remote(reader, "clients", instance.settings.remote_prefix6, where, name);
  std::vector<Network> addresses;
  bool ports = false;
  for (const auto& one : instance.forward) {
    if (one.address) addresses.push_back(host(*one.address));
    ports |= one.protocol != Publication::kEverything;
  }
  claim_networks(reader, "forward", addresses, name);
  if (ports && !reader.refused("inside4")) claim_networks(reader, "inside4", {instance.inside4}, name);
}

}  // namespace ipxlat
