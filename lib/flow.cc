// SPDX-License-Identifier: GPL-2.0-only
#include "lib/flow.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <cstring>

#include "lib/mnl_attributes.h"

namespace ipxlat {
namespace {

template <class T>
std::optional<T> value_of(const nlattr* attribute) {
  if (!attribute || mnl_attr_get_payload_len(attribute) != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
  return value;
}

std::optional<uint16_t> port_of(const nlattr* attribute) {
  const auto port = value_of<uint16_t>(attribute);
  return port ? std::optional(ntohs(*port)) : std::nullopt;
}

std::optional<uint64_t> number_of(const nlattr* attribute) {
  const auto number = value_of<uint64_t>(attribute);
  return number ? std::optional(be64toh(*number)) : std::nullopt;
}

template <class Address>
constexpr bool kIsFour = sizeof(Address) == sizeof(in_addr);

template <class Address>
bool take_ports(const MnlAttributes<CTA_PROTO_MAX>& protocol, Tuple<Address>& tuple) {
  constexpr auto kId = kIsFour<Address> ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID;
  constexpr auto kType = kIsFour<Address> ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE;
  const auto number = value_of<uint8_t>(protocol[CTA_PROTO_NUM]);
  if (!number) return false;
  tuple.protocol = *number;
  const bool ports = *number == IPPROTO_TCP || *number == IPPROTO_UDP;
  constexpr uint8_t kIcmp = kIsFour<Address> ? uint8_t{IPPROTO_ICMP} : uint8_t{IPPROTO_ICMPV6};
  const bool icmp = *number == kIcmp;
  if (!ports && !icmp) return false;
  const auto source = port_of(protocol[ports ? CTA_PROTO_SRC_PORT : kId]);
  const auto destination = port_of(protocol[ports ? CTA_PROTO_DST_PORT : kId]);
  if (!source || !destination) return false;
  tuple.source.port = *source;
  tuple.destination.port = *destination;
  if (icmp) tuple.icmp_type = value_of<uint8_t>(protocol[kType]).value_or(0);
  return true;
}

template <class Address>
bool take_tuple(const nlattr* nest, Tuple<Address>& tuple) {
  const auto parts = mnl_nested<CTA_TUPLE_MAX>(nest);
  const auto addresses = mnl_nested<CTA_IP_MAX>(parts[CTA_TUPLE_IP]);
  const auto source = value_of<Address>(addresses[kIsFour<Address> ? CTA_IP_V4_SRC : CTA_IP_V6_SRC]);
  const auto destination = value_of<Address>(addresses[kIsFour<Address> ? CTA_IP_V4_DST : CTA_IP_V6_DST]);
  if (!source || !destination) return false;
  tuple.source.address = *source;
  tuple.destination.address = *destination;
  return take_ports(mnl_nested<CTA_PROTO_MAX>(parts[CTA_TUPLE_PROTO]), tuple);
}

std::optional<Counts> counts_of(const nlattr* nest) {
  const auto counters = mnl_nested<CTA_COUNTERS_MAX>(nest);
  const auto packets = number_of(counters[CTA_COUNTERS_PACKETS]);
  const auto bytes = number_of(counters[CTA_COUNTERS_BYTES]);
  if (!packets || !bytes) return std::nullopt;
  return Counts{*packets, *bytes};
}

std::optional<uint32_t> number32_of(const nlattr* attribute) {
  const auto number = value_of<uint32_t>(attribute);
  return number ? std::optional(ntohl(*number)) : std::nullopt;
}

}  // namespace

template <class Address>
std::optional<Flow<Address>> parse_flow(const nlmsghdr* message) {
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof(nfgenmsg))) return std::nullopt;
  const auto* header = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message));
  if (header->nfgen_family != (kIsFour<Address> ? AF_INET : AF_INET6)) return std::nullopt;
  const auto all = mnl_attributes<CTA_MAX>(message, sizeof *header);
  Flow<Address> flow;
  if (!take_tuple(all[CTA_TUPLE_ORIG], flow.original)) return std::nullopt;
  if (!take_tuple(all[CTA_TUPLE_REPLY], flow.reply)) return std::nullopt;
  flow.status = number32_of(all[CTA_STATUS]).value_or(0);
  flow.left = number32_of(all[CTA_TIMEOUT]);
  const auto protocol = mnl_nested<CTA_PROTOINFO_MAX>(all[CTA_PROTOINFO]);
  flow.tcp_state = value_of<uint8_t>(
      mnl_nested<CTA_PROTOINFO_TCP_MAX>(protocol[CTA_PROTOINFO_TCP])[CTA_PROTOINFO_TCP_STATE]);
  const auto times = mnl_nested<CTA_TIMESTAMP_MAX>(all[CTA_TIMESTAMP]);
  flow.began = number_of(times[CTA_TIMESTAMP_START]);
  flow.ended = number_of(times[CTA_TIMESTAMP_STOP]);
  flow.original_counts = counts_of(all[CTA_COUNTERS_ORIG]);
  flow.reply_counts = counts_of(all[CTA_COUNTERS_REPLY]);
  return flow;
}

template std::optional<Flow4> parse_flow(const nlmsghdr* message);
template std::optional<Flow6> parse_flow(const nlmsghdr* message);

std::vector<uint8_t> flow_question(const Tuple4& tuple, uint32_t sequence) {
  std::vector<uint8_t> bytes(256);
  nlmsghdr* message = mnl_nlmsg_put_header(bytes.data());
  message->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
  message->nlmsg_flags = NLM_F_REQUEST;
  message->nlmsg_seq = sequence;
  auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
  header->nfgen_family = AF_INET;
  header->version = NFNETLINK_V0;
  nlattr* whole = mnl_attr_nest_start(message, CTA_TUPLE_ORIG);  // the kernel looks for either direction
  nlattr* ip = mnl_attr_nest_start(message, CTA_TUPLE_IP);
  mnl_attr_put_u32(message, CTA_IP_V4_SRC, tuple.source.address.s_addr);
  mnl_attr_put_u32(message, CTA_IP_V4_DST, tuple.destination.address.s_addr);
  mnl_attr_nest_end(message, ip);
  nlattr* protocol = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(message, CTA_PROTO_NUM, tuple.protocol);
  if (tuple.protocol == IPPROTO_ICMP) {
    mnl_attr_put_u16(message, CTA_PROTO_ICMP_ID, htons(tuple.source.port));
    mnl_attr_put_u8(message, CTA_PROTO_ICMP_TYPE, tuple.icmp_type);
    mnl_attr_put_u8(message, CTA_PROTO_ICMP_CODE, 0);
  } else {
    mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT, htons(tuple.source.port));
    mnl_attr_put_u16(message, CTA_PROTO_DST_PORT, htons(tuple.destination.port));
  }
  mnl_attr_nest_end(message, protocol);
  mnl_attr_nest_end(message, whole);
  bytes.resize(message->nlmsg_len);
  return bytes;
}

}  // namespace ipxlat
