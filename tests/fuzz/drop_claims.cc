// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"
#include "tests/fuzz/dissection.h"
#include "tests/fuzz/packet_claims.h"

namespace ipxlat::test {
namespace {

// A packet that was dropped, as far as it can be taken apart.
struct Dropped {
  const PacketCase& one;
  const ipxlat_header& read;  // what the core made of the header
  Dissection in;
  View message;
  std::optional<ErrorMessage> error{};
};

bool is_error(const Dropped& drop) {
  return drop.in.is_icmp() && !drop.message.empty() && is_icmp_error(drop.in.family, drop.message[0]);
}

template <class Address>
bool unmapped(const AddressOracle& oracle, const Address& address) {
  return !oracle.either(address);
}

// or becomes one
template <class Address>
bool special(const AddressOracle& oracle, const Address& address) {
  auto near = oracle.either(address);
  auto far = oracle.far(address);
  return is_special(address) || (near && is_special(*near)) || (far && is_special(*far));
}

template <class Address>
bool is_true_of_ends(const Dropped& drop, const Ends<Address>& ends, const Ends<Address>& inner,
                     ipxlat_reason reason) {
  const AddressOracle oracle(drop.one.config);
  switch (reason) {
    case IPXLAT_REASON_SOURCE_UNMAPPED:
      return unmapped(oracle, ends.source);
    case IPXLAT_REASON_DESTINATION_UNMAPPED:
      return unmapped(oracle, ends.destination);
    case IPXLAT_REASON_NOT_LOCAL:
      return !oracle.has_local_end(drop.error ? inner : ends);
    default:
      return special(oracle, ends.source) || special(oracle, ends.destination);
  }
}

bool is_true_of_addresses(const Dropped& drop, ipxlat_reason reason) {
  const Dissection inner = drop.error ? drop.error->inner : Dissection{};
  if (drop.in.family == Family::kIpv4) return is_true_of_ends(drop, drop.in.ends4, inner.ends4, reason);
  return is_true_of_ends(drop, drop.in.ends6, inner.ends6, reason);
}

bool is_true_of_icmp(const Dropped& drop, ipxlat_reason reason) {
  switch (reason) {
    case IPXLAT_REASON_ICMP_FRAGMENT:
      return drop.in.is_icmp() && (drop.in.more || drop.in.offset);
    case IPXLAT_REASON_ICMP_CHECKSUM:
      return is_error(drop) && balance(drop.in, drop.message) != 0;
    case IPXLAT_REASON_ICMP_NESTED_ERROR:
      return drop.error && drop.error->inner.is_icmp() && !drop.error->quoted.empty() &&
             is_icmp_error(drop.in.family, drop.error->quoted[0]);
    case IPXLAT_REASON_ICMP_TYPE:
      return drop.in.is_icmp();
    default:
      return is_error(drop);
  }
}

bool is_foreign_icmp(const Dissection& in) {
  return in.family == Family::kIpv4 ? in.protocol == IPPROTO_ICMPV6 : in.protocol == IPPROTO_ICMP;
}

bool is_true_of_header(const Dropped& drop, ipxlat_reason reason) {
  const bool four = drop.in.family == Family::kIpv4;
  const Bytes& bytes = drop.one.packet.bytes;
  switch (reason) {
    case IPXLAT_REASON_BAD_HEADER_CHECKSUM:
      return four && remainder(View(bytes).first(drop.in.header)) != 0;
    case IPXLAT_REASON_TOO_LONG:
      return !four && 20 + drop.in.offset + drop.in.payload() > 65535;
    case IPXLAT_REASON_SOURCE_ROUTE:
      return four && drop.in.header > 20;
    case IPXLAT_REASON_ROUTING_HEADER:
      return !four && drop.read.pointer >= 43 && bytes.at(drop.read.pointer) != 0;
    case IPXLAT_REASON_EXTENSION_HEADER:
      return !four && drop.in.header > 40 + 2048;
    case IPXLAT_REASON_EXTENSION_AFTER_FRAGMENT:
      return !four && drop.in.fragment && shifts_fragment(drop.in.protocol);
    case IPXLAT_REASON_BAD_HEADER:  // or malformed options
      return four && (drop.in.header + drop.in.offset + drop.in.payload() > 65535 || drop.in.header > 20);
    default:
      return shifts_fragment(drop.in.protocol) || drop.in.protocol == IPPROTO_IGMP ||
             is_foreign_icmp(drop.in);
  }
}

bool is_true_of_transport(const Dropped& drop, ipxlat_reason reason) {
  const bool unchecked = drop.in.protocol == IPPROTO_UDP && !drop.in.offset && drop.message.size() >= 8 &&
                         word(drop.message, 6) == 0;
  const size_t needed = drop.in.is_icmp() ? 8 : reach(drop.in.protocol);
  switch (reason) {
    case IPXLAT_REASON_UDP_ZERO_CHECKSUM:
      return unchecked && drop.one.config.settings.udp_zero_checksum != UdpZeroChecksum::kForward;
    case IPXLAT_REASON_UDP_ZERO_CHECKSUM_FRAGMENT:
      return unchecked && drop.in.fragment;
    case IPXLAT_REASON_BAD_TRANSPORT:
      return drop.message.size() < needed ||
             (unchecked && (word(drop.message, 4) < 8 || word(drop.message, 4) > drop.message.size()));
    default:
      return false;
  }
}

bool is_true(const Dropped& drop, ipxlat_reason reason) {
  switch (reason) {
    case IPXLAT_REASON_MULTICAST:
    case IPXLAT_REASON_LINK_LOCAL:
    case IPXLAT_REASON_BAD_SOURCE:
    case IPXLAT_REASON_BAD_DESTINATION:
    case IPXLAT_REASON_NOT_LOCAL:
    case IPXLAT_REASON_SOURCE_UNMAPPED:
    case IPXLAT_REASON_DESTINATION_UNMAPPED:
      return is_true_of_addresses(drop, reason);
    case IPXLAT_REASON_BAD_TRANSPORT:
    case IPXLAT_REASON_UDP_ZERO_CHECKSUM:
    case IPXLAT_REASON_UDP_ZERO_CHECKSUM_FRAGMENT:
      return is_true_of_transport(drop, reason);
    case IPXLAT_REASON_BAD_HEADER:
    case IPXLAT_REASON_BAD_HEADER_CHECKSUM:
    case IPXLAT_REASON_TOO_LONG:
    case IPXLAT_REASON_SOURCE_ROUTE:
    case IPXLAT_REASON_EXTENSION_HEADER:
    case IPXLAT_REASON_ROUTING_HEADER:
    case IPXLAT_REASON_EXTENSION_AFTER_FRAGMENT:
    case IPXLAT_REASON_BAD_PROTOCOL:
      return is_true_of_header(drop, reason);
    default:
      return is_true_of_icmp(drop, reason);
  }
}

}  // namespace

void claim_drop(const PacketCase& one, const Translation& verdict) {
  const ipxlat_reason reason = verdict.reason;
  claim(reason > IPXLAT_REASON_OK && reason <= IPXLAT_REASON_MAX, "a drop has a reason");
  claim(reason >= IPXLAT_REASON_BAD_HEADER && reason != IPXLAT_REASON_SEGMENTATION,
        "a drop's reason is one that a packet in userspace can have");
  claim(verdict.packets.empty(), "nothing comes out of a packet that is dropped");
  auto in = dissect(one.packet.family, one.packet.bytes);
  const bool whole = in && in->length <= one.packet.bytes.size();
  if (!whole) {
    claim(reason == IPXLAT_REASON_TRUNCATED || reason == IPXLAT_REASON_BAD_HEADER ||
              reason == IPXLAT_REASON_ROUTING_HEADER || reason == IPXLAT_REASON_EXTENSION_HEADER,
          "a packet that is cut or malformed is dropped for that");
    return;
  }
  claim(reason != IPXLAT_REASON_TRUNCATED, "a packet that is all there is not truncated");
  Dropped drop{one, verdict.plan.header, *in, View(one.packet.bytes).subspan(in->header, in->payload())};
  if (is_error(drop)) drop.error = open_error(in->family, drop.message);
  claim(is_true(drop, reason), "the reason is true of the packet that is dropped");
}

}  // namespace ipxlat::test
