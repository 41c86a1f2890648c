// SPDX-License-Identifier: GPL-2.0-only
// Entries of the connection tracker, as ctnetlink tells of them.
#ifndef IPXLAT_LIB_FLOW_H
#define IPXLAT_LIB_FLOW_H

#include <linux/netlink.h>
#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace ipxlat {

// The port is in host byte order, and with ICMP the identifier of the echo, at both ends.
template <class Address>
struct Endpoint {
  Address address{};
  uint16_t port = 0;
};
using Endpoint4 = Endpoint<in_addr>;
using Endpoint6 = Endpoint<in6_addr>;

// One direction.
template <class Address>
struct Tuple {
  Endpoint<Address> source, destination;
  uint8_t protocol = 0;
  uint8_t icmp_type = 0;
};
using Tuple4 = Tuple<in_addr>;

struct Counts {
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

// What is not there is not told: counts and times where the network namespace keeps none
// (nf_conntrack_acct, nf_conntrack_timestamp), and what is left while a flow is offloaded.
template <class Address>
struct Flow {
  Tuple<Address> original, reply;
  uint32_t status = 0;                 // bits IPS_*
  std::optional<uint8_t> tcp_state{};  // enum tcp_conntrack
  std::optional<uint32_t> left{};      // seconds
  std::optional<uint64_t> began{};     // nanoseconds since 1970
  std::optional<uint64_t> ended{};     // likewise
  std::optional<Counts> original_counts{}, reply_counts{};
};
using Flow4 = Flow<in_addr>;
using Flow6 = Flow<in6_addr>;

// Of a message of ctnetlink about an entry. Nothing if it is of the other family, of a protocol other than
// TCP, UDP and ICMP, or cut short.
template <class Address>
std::optional<Flow<Address>> parse_flow(const nlmsghdr* message);

// The question for the entry one of whose directions is `tuple`; it has the sequence number.
std::vector<uint8_t> flow_question(const Tuple4& tuple, uint32_t sequence);

}  // namespace ipxlat

#endif
