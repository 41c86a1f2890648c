// SPDX-License-Identifier: GPL-2.0-only
// Maps that grow and shrink as requests change them, and remote prefixes, against a search through all.
#include <algorithm>
#include <cstring>

#include "kmod/core/config.h"
#include "lib/core_config.h"
#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"
#include "tests/fuzz/map_requests.h"

namespace ipxlat::test {
namespace {

bool same(const in6_addr& a, const in6_addr& b) { return !std::memcmp(&a, &b, sizeof a); }

bool same(const MapEntry* expected, const ipxlat_map_entry* found) {
  if (!expected || !found) return !expected && !found;
  ipxlat_map_entry core = core_entry(*expected);
  return core.address4 == found->address4 && core.length4 == found->length4 &&
         core.length6 == found->length6 && same(core.address6, found->address6);
}

// A map as the kernel holds it, and its entries as they were given.
class Map {
 public:
  // Makes the change, or says why not and leaves everything.
  void change(const MapRequest& request);

  void claim_lookups() const;
  void claim_address(const in_addr& address) const;
  void claim_address(const in6_addr& address) const;

 private:
  bool is_there(const MapEntry& entry) const;
  bool merge(const MapRequest& request, const std::vector<MapEntry>& next);

  DeviceConfig config_;
  std::vector<uint64_t> memory_;
  ipxlat_map map_{};
};

bool Map::is_there(const MapEntry& entry) const {
  const ipxlat_map_entry wanted = core_entry(entry);
  const ipxlat_map_entry* found = ipxlat_map_find_entry(&map_, &wanted);
  const bool expected = std::find(config_.map.begin(), config_.map.end(), entry) != config_.map.end();
  claim((found != nullptr) == expected, "an entry is found by its two prefixes, and no other is");
  claim(!found || same(&entry, found), "the entry that is found is the one looked for");
  return expected;
}

bool clashes(const MapEntry& a, const MapEntry& b) {
  return a.prefix4 == b.prefix4 || a.prefix6 == b.prefix6;
}

// The first entry that is not allowed, and whether the core agrees with all before it.
bool all_allowed(const std::vector<MapEntry>& entries) {
  for (const MapEntry& entry : entries) {
    const ipxlat_map_entry core = core_entry(entry);
    const char* why = ipxlat_map_entry_refusal(&core);
    claim((why == nullptr) == is_allowed(entry),
          "an entry is refused by the rules of RFC 7757 3.2 and the device's");
    if (why) return false;
  }
  return true;
}

std::vector<ipxlat_map_entry> core_entries(const std::vector<MapEntry>& entries) {
  std::vector<ipxlat_map_entry> core;
  for (const MapEntry& entry : entries) core.push_back(core_entry(entry, static_cast<u32>(core.size()) + 1));
  return core;
}

// The places in `add` of the entries that clash with what stays or with an addition before them.
std::vector<size_t> clashes(const std::vector<MapEntry>& next, size_t stay) {
  std::vector<size_t> places;
  for (size_t i = stay; i < next.size(); i++)
    if (std::any_of(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const MapEntry& before) { return clashes(before, next[i]); }))
      places.push_back(i - stay);
  return places;
}

bool Map::merge(const MapRequest& request, const std::vector<MapEntry>& next) {
  const ipxlat_map empty{};
  const ipxlat_map* from = request.flush ? &empty : &map_;
  const auto del = core_entries(request.del), add = core_entries(request.add);
  std::vector<u32> place(from->count);
  u32 blame = 0;
  claim(!ipxlat_map_remove(from, place.data(), del.data(), static_cast<u32>(del.size()), &blame),
        "an entry that is there is removed");
  const auto count = static_cast<u32>(next.size());
  std::vector<uint64_t> memory(ipxlat_map_size(count) / sizeof(uint64_t) + 1);
  ipxlat_map map{};
  const char* why = ipxlat_map_merge(&map, memory.data(), count, from, place.data(), add.data(),
                                     static_cast<u32>(add.size()), &blame);
  const auto guilty = clashes(next, next.size() - add.size());
  claim((why != nullptr) == !guilty.empty(), "a map is refused where a prefix is in it twice on one side");
  if (why) {
    claim(std::find(guilty.begin(), guilty.end(), blame - 1) != guilty.end(),
          "the later of two equal prefixes is blamed");
    return false;
  }
  memory_ = std::move(memory);
  map_ = map;
  config_.map = next;
  return true;
}

void Map::change(const MapRequest& request) {
  std::vector<MapEntry> next = request.flush ? std::vector<MapEntry>{} : config_.map;
  for (const MapEntry& entry : request.del) {
    is_there(entry);
    if (!std::erase(next, entry)) return;
  }
  next.insert(next.end(), request.add.begin(), request.add.end());
  if (!all_allowed(request.add) || !merge(request, next)) return;
  claim(map_.count == next.size(), "a map has all entries that it was given");
  for (const MapEntry& entry : next) is_there(entry);
}

void Map::claim_address(const in_addr& address) const {
  const AddressOracle oracle(config_);
  const MapEntry* expected = oracle.entry(address);
  const ipxlat_map_entry* found = ipxlat_map_find4(&map_, address.s_addr);
  claim(same(expected, found), "the longest IPv4 prefix that matches is found");
  if (!found) return;
  in6_addr written;
  ipxlat_map_entry_to6(found, address.s_addr, &written);
  claim(same(written, written6(*expected, address)), "the IPv4 suffix stands behind the IPv6 prefix");
  claim(ipxlat_map_entry_to4(found, &written) == address.s_addr,
        "an IPv4 address comes back through its entry");
}

void Map::claim_address(const in6_addr& address) const {
  const AddressOracle oracle(config_);
  const MapEntry* expected = oracle.entry(address);
  const ipxlat_map_entry* found = ipxlat_map_find6(&map_, &address);
  claim(same(expected, found), "the longest IPv6 prefix that matches is found");
  if (!found) return;
  const __be32 written = ipxlat_map_entry_to4(found, &address);
  claim(written == written4(*expected, address).s_addr, "the IPv4 suffix is read behind the IPv6 prefix");
  if (128 - expected->prefix6.length != 32 - expected->prefix4.length) return;
  in6_addr back;
  ipxlat_map_entry_to6(found, written, &back);
  claim(same(back, address), "between prefixes with as much behind them an IPv6 address comes back");
}

// The addresses at the edges of every entry, and those next to them.
void Map::claim_lookups() const {
  for (const MapEntry& entry : config_.map) {
    for (const in_addr& address : edges(entry.prefix4)) claim_address(address);
    for (const in6_addr& address : edges(entry.prefix6)) claim_address(address);
  }
}

// RFC 6052
void claim_remote(const Prefix6& prefix, const in_addr& address4, const in6_addr& address6) {
  const ipxlat_prefix6 core{prefix.address, prefix.length};
  const char* why = ipxlat_addr_remote_refusal(&core);
  claim((why == nullptr) == is_allowed_remote(prefix),
        "a remote prefix is refused by the rules of RFC 6052 2.2");
  if (why) return;
  DeviceConfig config;
  config.settings.remote_prefix6 = prefix;
  const AddressOracle oracle(config);
  in6_addr embedded;
  ipxlat_addr_embed(&core, address4.s_addr, &embedded);
  claim(same(embedded, *oracle.far(address4)), "an IPv4 address is embedded as RFC 6052 2.2 draws it");
  in_addr out{};
  claim(ipxlat_addr_extract(&core, &embedded, &out.s_addr) && out.s_addr == address4.s_addr,
        "an embedded address is extracted as it was");
  auto expected = oracle.far(address6);
  const bool extracted = ipxlat_addr_extract(&core, &address6, &out.s_addr);
  claim(extracted == expected.has_value(), "an address outside the remote prefix has nothing embedded");
  claim(!extracted || out.s_addr == expected->s_addr, "suffix and u octet are not looked at");
}

void claim_requests(MapRequests requests) {
  Map map;
  while (auto request = requests.next()) {
    map.change(*request);
    map.claim_lookups();
    for (const in6_addr& address : request->queries) {
      in_addr last;
      std::memcpy(&last, &address.s6_addr[12], sizeof last);
      map.claim_address(address);
      map.claim_address(last);
      if (request->remote) claim_remote(*request->remote, last, address);
    }
  }
}

}  // namespace
}  // namespace ipxlat::test

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ipxlat::test::MapRequests requests({data, size});
  ipxlat::test::hold([&] { ipxlat::test::claim_requests(requests); },
                     [&] { return ipxlat::test::describe(requests); });
  return 0;
}
