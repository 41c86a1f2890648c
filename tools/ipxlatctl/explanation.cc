// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/explanation.h"

#include <stdexcept>

namespace ipxlat::ctl {
namespace {

std::vector<ipxlat_map_entry> core_entries(const std::vector<MapEntry>& map) {
  std::vector<ipxlat_map_entry> entries;
  entries.reserve(map.size());
  for (const MapEntry& entry : map) {
    ipxlat_map_entry core{};
    core.address4 = entry.prefix4.address.s_addr;
    core.length4 = entry.prefix4.length;
    core.address6 = entry.prefix6.address;
    core.length6 = entry.prefix6.length;
    core.tag = static_cast<u32>(entries.size());
    entries.push_back(core);
  }
  return entries;
}

const ipxlat_map_entry* find_entry(const ipxlat_map& map, const in_addr& address) {
  return ipxlat_map_find4(&map, address.s_addr);
}

const ipxlat_map_entry* find_entry(const ipxlat_map& map, const in6_addr& address) {
  return ipxlat_map_find6(&map, &address);
}

}  // namespace

Explainer::Explainer(const DeviceConfig& config) {
  ipxlat_settings_default(&config_.settings);
  config_.settings.lowest_ipv6_mtu = config.settings.lowest_ipv6_mtu;
  config_.settings.icmp_source4 = config.settings.icmp_source4.s_addr;
  config_.settings.udp_zero_checksum = static_cast<u32>(config.settings.udp_zero_checksum);
  if (const auto& prefix = config.settings.remote_prefix6) {
    config_.settings.remote_prefix6 = {prefix->address, prefix->length};
    remote_rule_ = "remote-prefix6 " + to_string(*prefix);
  }
  auto entries = core_entries(config.map);
  auto count = static_cast<u32>(entries.size());
  map_memory_ = std::make_unique<uint64_t[]>(ipxlat_map_size(count) / sizeof(uint64_t) + 1);
  u32 blame = 0;
  if (const char* why = ipxlat_map_build(&config_.map, map_memory_.get(), entries.data(), count, &blame))
    throw std::invalid_argument("local-map " + to_string(config.map.at(blame)) + ": " + why);
}

std::string Explainer::entry_text(const ipxlat_map_entry* entry) const {
  if (!entry) return {};
  return "local-map " +
         to_string(MapEntry{{{entry->address4}, entry->length4}, {entry->address6, entry->length6}});
}

template <class From, class To>
ExplainedEnd Explainer::end(const From& from, ipxlat_way way, const To& to) const {
  ExplainedEnd end{to_string(from), {}, {}};
  if (way == IPXLAT_WAY_NONE) return end;
  end.result = to_string(to);
  end.rule = way == IPXLAT_WAY_NEAR ? entry_text(find_entry(config_.map, from)) : remote_rule_;
  return end;
}

Explanation Explainer::explain(const in_addr& address) const {
  in6_addr out{};
  ipxlat_way way = ipxlat_ends_address_to6(&config_, address.s_addr, &out);
  Explanation explanation{{end(address, way, out)}, IPXLAT_REASON_OK, {}};
  if (!ipxlat_config_usable(&config_))
    explanation.reason = IPXLAT_REASON_NOT_CONFIGURED;
  else if (ipxlat_reason bad = ipxlat_addr4_check(address.s_addr, IPXLAT_REASON_BAD_DESTINATION))
    explanation.reason = bad;
  else if (way == IPXLAT_WAY_NONE)
    explanation.reason = IPXLAT_REASON_DESTINATION_UNMAPPED;
  else
    explanation.reason = ipxlat_addr6_check(&out, IPXLAT_REASON_BAD_DESTINATION);
  return explanation;
}

Explanation Explainer::explain(const in6_addr& address) const {
  in_addr out{};
  ipxlat_way way = ipxlat_ends_address_to4(&config_, &address, &out.s_addr);
  Explanation explanation{{end(address, way, out)}, IPXLAT_REASON_OK, {}};
  if (!ipxlat_config_usable(&config_)) {
    explanation.reason = IPXLAT_REASON_NOT_CONFIGURED;
  } else if (ipxlat_reason bad = ipxlat_addr6_check(&address, IPXLAT_REASON_BAD_DESTINATION)) {
    explanation.reason = bad;
  } else if (way == IPXLAT_WAY_NONE) {
    explanation.reason = IPXLAT_REASON_DESTINATION_UNMAPPED;
    explanation.error_source4 = to_string(in_addr{config_.settings.icmp_source4});
  } else {
    explanation.reason = ipxlat_addr4_check(out.s_addr, IPXLAT_REASON_BAD_DESTINATION);
  }
  return explanation;
}

Explanation Explainer::explain(const in_addr& source, const in_addr& destination) const {
  ipxlat_ends4 in{source.s_addr, destination.s_addr};
  ipxlat_ends6 out{};
  ipxlat_ways ways{IPXLAT_WAY_NONE, IPXLAT_WAY_NONE};
  Explanation explanation;
  explanation.reason = ipxlat_config_usable(&config_) ? ipxlat_ends_to6(&config_, &in, &out, &ways)
                                                      : IPXLAT_REASON_NOT_CONFIGURED;
  explanation.ends = {end(source, ways.source, out.source),
                      end(destination, ways.destination, out.destination)};
  return explanation;
}

Explanation Explainer::explain(const in6_addr& source, const in6_addr& destination) const {
  ipxlat_ends6 in{source, destination};
  ipxlat_ends4 out{};
  ipxlat_ways ways{IPXLAT_WAY_NONE, IPXLAT_WAY_NONE};
  Explanation explanation;
  explanation.reason = ipxlat_config_usable(&config_) ? ipxlat_ends_to4(&config_, &in, &out, &ways)
                                                      : IPXLAT_REASON_NOT_CONFIGURED;
  explanation.ends = {end(source, ways.source, in_addr{out.source}),
                      end(destination, ways.destination, in_addr{out.destination})};
  if (explanation.reason == IPXLAT_REASON_SOURCE_UNMAPPED)
    explanation.error_source4 = to_string(in_addr{config_.settings.icmp_source4});
  return explanation;
}

}  // namespace ipxlat::ctl
