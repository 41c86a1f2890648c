// SPDX-License-Identifier: GPL-2.0-only
// The device in userspace: the core plans what becomes of a packet, and the plan is carried out on bytes
// as the module carries it out on an skb.
#ifndef IPXLAT_LIB_TRANSLATE_H
#define IPXLAT_LIB_TRANSLATE_H

#include <vector>

#include "kmod/core/rewrite.h"
#include "lib/bytes.h"

namespace ipxlat {

enum class Family { kIpv4, kIpv6 };

// MTUs of the links on the two sides of the device, bytes; IPv6 has no less than 1280.
struct Links {
  uint32_t mtu4 = 1500;
  uint32_t mtu6 = 1500;
};

struct Translation {
  ipxlat_reason reason = IPXLAT_REASON_OK;
  std::vector<Bytes> packets;  // in order: one, or fragments; none unless the reason is OK
  ipxlat_rewrite plan{};       // as far as the core came
};

// What a device makes of a packet of `family` that is forwarded into it. IPv4 identifications that are
// the device's to choose are zero. Bytes behind the packet are left out.
Translation translate(const ipxlat_config& config, const Links& links, Family family, const Bytes& in);

// The second half of it, for a plan that the core made for `in`: bounds the MTU of an ICMP error by the
// links, in `plan` too, carries it out, and fragments what has outgrown lowest-ipv6-mtu.
std::vector<Bytes> emit(const ipxlat_config& config, const Links& links, Family family, const Bytes& in,
                        ipxlat_rewrite& plan);

// One packet by a plan that the core made for `in`, not fragmented.
Bytes carry_out(const ipxlat_rewrite& plan, const Bytes& in);

}  // namespace ipxlat

#endif
