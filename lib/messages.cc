// SPDX-License-Identifier: GPL-2.0-only
#include "lib/messages.h"

#include <linux/genetlink.h>

#include <cerrno>

#include "lib/attributes.h"

namespace ipxlat {
namespace {

template <class T>
std::span<const uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

Message make_request(uint16_t family, ipxlat_cmd command, std::string_view ifname, uint16_t flags) {
  Message message(family, command, IPXLAT_GENL_VERSION, flags);
  if (!ifname.empty()) message.put_string(IPXLAT_A_IFNAME, ifname);
  return message;
}

uint16_t dump_if(bool dump) { return dump ? NLM_F_DUMP : 0; }

void put_map_entry(Message& message, ipxlat_attr type, const MapEntry& entry) {
  size_t nest = message.begin_nest(type);
  message.put(IPXLAT_A_MAP_ADDRESS4, bytes_of(entry.prefix4.address));
  message.put_u8(IPXLAT_A_MAP_LENGTH4, entry.prefix4.length);
  message.put(IPXLAT_A_MAP_ADDRESS6, bytes_of(entry.prefix6.address));
  message.put_u8(IPXLAT_A_MAP_LENGTH6, entry.prefix6.length);
  message.end_nest(nest);
}

void put_settings(Message& message, const Change& change) {
  if (change.remote_prefix6 || change.unset_remote_prefix6) {
    size_t nest = message.begin_nest(IPXLAT_A_REMOTE_PREFIX6);
    if (change.remote_prefix6) {
      message.put(IPXLAT_A_PREFIX6_ADDRESS, bytes_of(change.remote_prefix6->address));
      message.put_u8(IPXLAT_A_PREFIX6_LENGTH, change.remote_prefix6->length);
    }
    message.end_nest(nest);
  }
  if (change.lowest_ipv6_mtu) message.put_u32(IPXLAT_A_LOWEST_IPV6_MTU, *change.lowest_ipv6_mtu);
  if (change.icmp_source4) message.put(IPXLAT_A_ICMP_SOURCE4, bytes_of(*change.icmp_source4));
  if (change.udp_zero_checksum)
    message.put_u32(IPXLAT_A_UDP_ZERO_CHECKSUM, static_cast<uint32_t>(*change.udp_zero_checksum));
}

uint8_t prefix_length(const Attribute& attribute, uint8_t longest) {
  auto length = attribute.as<uint8_t>();
  if (length > longest) throw MalformedMessage("a prefix length is " + std::to_string(length));
  return length;
}

Prefix6 read_prefix6(const Attribute& nest) {
  auto attributes = nest.nested();
  return {required(attributes, IPXLAT_A_PREFIX6_ADDRESS, "a prefix's address").as<in6_addr>(),
          prefix_length(required(attributes, IPXLAT_A_PREFIX6_LENGTH, "a prefix's length"), 128)};
}

MapEntry read_map_entry(const Attribute& nest) {
  auto attributes = nest.nested();
  return {{required(attributes, IPXLAT_A_MAP_ADDRESS4, "an entry's IPv4 address").as<in_addr>(),
           prefix_length(required(attributes, IPXLAT_A_MAP_LENGTH4, "an entry's IPv4 length"), 32)},
          {required(attributes, IPXLAT_A_MAP_ADDRESS6, "an entry's IPv6 address").as<in6_addr>(),
           prefix_length(required(attributes, IPXLAT_A_MAP_LENGTH6, "an entry's IPv6 length"), 128)}};
}

Settings read_settings(const std::vector<Attribute>& attributes) {
  Settings settings;
  if (const Attribute* prefix = find_attribute(attributes, IPXLAT_A_REMOTE_PREFIX6))
    settings.remote_prefix6 = read_prefix6(*prefix);
  settings.lowest_ipv6_mtu = required(attributes, IPXLAT_A_LOWEST_IPV6_MTU, "lowest-ipv6-mtu").as<uint32_t>();
  settings.icmp_source4 = required(attributes, IPXLAT_A_ICMP_SOURCE4, "icmp-source4").as<in_addr>();
  settings.udp_zero_checksum = static_cast<UdpZeroChecksum>(
      required(attributes, IPXLAT_A_UDP_ZERO_CHECKSUM, "udp-zero-checksum").as<uint32_t>());
  return settings;
}

DeviceState read_device(const std::vector<Attribute>& attributes) {
  DeviceState device;
  device.ifindex = required(attributes, IPXLAT_A_IFINDEX, "the ifindex").as<uint32_t>();
  device.ifname = required(attributes, IPXLAT_A_IFNAME, "the ifname").as_string();
  device.configured = find_attribute(attributes, IPXLAT_A_CONFIGURED) != nullptr;
  device.settings = read_settings(attributes);
  device.map_entries = required(attributes, IPXLAT_A_MAP_ENTRIES, "the number of map entries").as<uint32_t>();
  return device;
}

MapPart read_map_part(const std::vector<Attribute>& attributes) {
  MapPart part;
  part.ifindex = required(attributes, IPXLAT_A_IFINDEX, "the ifindex").as<uint32_t>();
  for (const Attribute& attribute : attributes)
    if (attribute.type() == IPXLAT_A_MAP_ENTRY) part.entries.push_back(read_map_entry(attribute));
  return part;
}

std::optional<uint64_t> read_optional(const std::vector<Attribute>& attributes, uint16_t type) {
  const Attribute* attribute = find_attribute(attributes, type);
  return attribute ? std::optional(attribute->as<uint64_t>()) : std::nullopt;
}

ReasonCounter read_reason(const Attribute& nest) {
  auto attributes = nest.nested();
  return {required(attributes, IPXLAT_A_STATS_ID, "a counter's id").as<uint32_t>(),
          required(attributes, IPXLAT_A_STATS_NAME, "a counter's name").as_string(),
          required(attributes, IPXLAT_A_STATS_PACKETS, "a counter's value").as<uint64_t>(),
          read_optional(attributes, IPXLAT_A_STATS_TO_V4), read_optional(attributes, IPXLAT_A_STATS_TO_V6)};
}

Traffic read_traffic(const Attribute& nest) {
  auto attributes = nest.nested();
  return {required(attributes, IPXLAT_A_TRAFFIC_PACKETS_IN, "the packets in").as<uint64_t>(),
          required(attributes, IPXLAT_A_TRAFFIC_BYTES_IN, "the bytes in").as<uint64_t>(),
          required(attributes, IPXLAT_A_TRAFFIC_PACKETS_OUT, "the packets out").as<uint64_t>(),
          required(attributes, IPXLAT_A_TRAFFIC_BYTES_OUT, "the bytes out").as<uint64_t>()};
}

DeviceStats read_stats(const std::vector<Attribute>& attributes) {
  DeviceStats stats;
  stats.ifindex = required(attributes, IPXLAT_A_IFINDEX, "the ifindex").as<uint32_t>();
  stats.ifname = required(attributes, IPXLAT_A_IFNAME, "the ifname").as_string();
  stats.to_v4 = read_traffic(required(attributes, IPXLAT_A_TRAFFIC_TO_V4, "the traffic from 6 to 4"));
  stats.to_v6 = read_traffic(required(attributes, IPXLAT_A_TRAFFIC_TO_V6, "the traffic from 4 to 6"));
  for (const Attribute& attribute : attributes)
    if (attribute.type() == IPXLAT_A_STATS_REASON) stats.reasons.push_back(read_reason(attribute));
  return stats;
}

template <class Read>
auto parse(const nlmsghdr* answer, Read read) -> Result<decltype(read({}))> {
  try {
    return read(parse_attributes(answer));
  } catch (const MalformedMessage& error) {
    return NetlinkError{EBADMSG, std::string("the kernel's answer is malformed: ") + error.what()};
  }
}

}  // namespace

Message make_device_get(uint16_t family, std::string_view ifname) {
  return make_request(family, IPXLAT_CMD_DEV_GET, ifname, dump_if(ifname.empty()));
}

Message make_map_get(uint16_t family, std::string_view ifname) {
  return make_request(family, IPXLAT_CMD_MAP_GET, ifname, NLM_F_DUMP);
}

Message make_stats_get(uint16_t family, std::string_view ifname) {
  return make_request(family, IPXLAT_CMD_STATS_GET, ifname, dump_if(ifname.empty()));
}

Message make_device_set(uint16_t family, std::string_view ifname, const Change& change) {
  Message message = make_request(family, IPXLAT_CMD_DEV_SET, ifname, 0);
  put_settings(message, change);
  if (change.map_flush) message.put_flag(IPXLAT_A_MAP_FLUSH);
  for (const MapEntry& entry : change.map_del) put_map_entry(message, IPXLAT_A_MAP_DEL, entry);
  for (const MapEntry& entry : change.map_add) put_map_entry(message, IPXLAT_A_MAP_ADD, entry);
  return message;
}

std::optional<size_t> map_add_at(const Message& request, size_t offset) {
  if (offset >= request.size()) return std::nullopt;
  const auto* blamed = reinterpret_cast<const uint8_t*>(request.header()) + offset;
  std::optional<size_t> index;
  size_t count = 0;
  for (const Attribute& attribute : parse_attributes(request.header())) {
    if (attribute.begin() > blamed) break;
    index.reset();
    if (attribute.type() == IPXLAT_A_MAP_ADD) index = count++;
  }
  return index;
}

Result<DeviceState> parse_device(const nlmsghdr* answer) { return parse(answer, read_device); }
Result<MapPart> parse_map_part(const nlmsghdr* answer) { return parse(answer, read_map_part); }
Result<DeviceStats> parse_stats(const nlmsghdr* answer) { return parse(answer, read_stats); }

}  // namespace ipxlat
