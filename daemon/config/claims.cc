// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/claims.h"

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

template <class Prefix>
void refuse_shared(TableReader& reader, const std::string& key, const std::vector<Prefix>& theirs,
                   const std::vector<Prefix>& ours, const std::string& other) {
  for (const auto& a : theirs)
    for (const auto& b : ours)
      if (overlap(a, b))
        reader.refuse(key, to_string(b) + " overlaps " + to_string(a) + " of nat64." + other,
                      "addresses that no other instance has");
}

}  // namespace

bool Claims::claim_name(TableReader& reader, const std::string& name, const std::string& where) {
  return enter(reader, names_, {"", "the name", name, "names that differ"}, where);
}

void Claims::claim_device(TableReader& reader, const std::string& device, const std::string& where) {
  enter(reader, devices_, {"device", "the device", device, "a device for each instance"}, where);
}

void Claims::claim_remote(TableReader& reader, const std::string& key, const std::optional<Prefix6>& prefix,
                          const std::string& where) {
  const std::string value = prefix ? to_string(*prefix) : "";
  enter(reader, remotes_, {key, "the prefix", value, "a prefix for each instance"}, where);
}

void Claims::make(TableReader& reader, const Nat64Config& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  claim_remote(reader, "pref64", instance.settings.remote_prefix6, where);
  for (const auto& other : pools_) {
    refuse_shared(reader, "pool4", other.pool4, instance.pool4, other.name);
    // whoever has no pool6 of its own has the one that follows from pool4
    if (!reader.refused("pool4")) refuse_shared(reader, "pool6", other.pool6, instance.pool6, other.name);
  }
  pools_.push_back({instance.name, instance.pool4, instance.pool6});
}

void Claims::make(TableReader& reader, const ClatConfig& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  for (const auto& pattern : instance.uplinks)
    enter(reader, clat_uplinks_, {"uplinks", "the uplink", pattern, "one CLAT for each uplink"}, where);
}

void Claims::make(TableReader& reader, const SiitConfig& instance, const std::string& where) {
  if (!claim_name(reader, instance.name, where)) return;
  claim_device(reader, instance.device, where);
  claim_remote(reader, "remote-prefix6", instance.settings.remote_prefix6, where);
}

}  // namespace ipxlat
