// SPDX-License-Identifier: GPL-2.0-only
// Messages of the generic netlink family ipxlat, apart from any socket: requests are built from, and
// answers parsed into, plain structs.
#ifndef IPXLAT_LIB_MESSAGES_H
#define IPXLAT_LIB_MESSAGES_H

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/message.h"
#include "lib/result.h"
#include "lib/settings.h"

namespace ipxlat {

// The contents of a DEV_GET answer or a DEV_NTF.
struct DeviceState {
  uint32_t ifindex = 0;
  std::string ifname;
  bool configured = false;
  Settings settings;
  uint32_t map_entries = 0;
};

// A part of a map, the contents of a MAP_GET answer.
struct MapPart {
  uint32_t ifindex = 0;
  std::vector<MapEntry> entries;
};

struct ReasonCounter {
  uint32_t id = 0;  // enum ipxlat_reason; may be one that this header does not know
  std::string name;
  uint64_t packets = 0;           // both directions
  std::optional<uint64_t> to_v4;  // of those; nothing if such packets have no direction
  std::optional<uint64_t> to_v6;
};

// One direction. Bytes count from the network header on.
struct Traffic {
  uint64_t packets_in = 0;
  uint64_t bytes_in = 0;
  uint64_t packets_out = 0;
  uint64_t bytes_out = 0;
};

struct DeviceStats {
  uint32_t ifindex = 0;
  std::string ifname;
  std::vector<ReasonCounter> reasons;
  Traffic to_v4;
  Traffic to_v6;
};

// Requests. An empty ifname asks for all devices and makes a dump; MAP_GET needs a name and is
// always a dump. `family` is the number that the kernel gave the family.
Message make_device_get(uint16_t family, std::string_view ifname);
Message make_device_set(uint16_t family, std::string_view ifname, const Change& change);
Message make_map_get(uint16_t family, std::string_view ifname);
Message make_stats_get(uint16_t family, std::string_view ifname);

// The index into map_add of the entry in which `offset` lies, in a message of make_device_set().
std::optional<size_t> map_add_at(const Message& request, size_t offset);

// Answers. EBADMSG with a sentence for one that is cut short, lacks an attribute or has one of a wrong
// length; attributes of a later kernel are skipped.
Result<DeviceState> parse_device(const nlmsghdr* answer);
Result<MapPart> parse_map_part(const nlmsghdr* answer);
Result<DeviceStats> parse_stats(const nlmsghdr* answer);

}  // namespace ipxlat

#endif
