// SPDX-License-Identifier: GPL-2.0-only
// What ctnetlink says of an entry: a message as the kernel lays it out.
#ifndef IPXLAT_TESTS_UNIT_FLOW_MESSAGE_H
#define IPXLAT_TESTS_UNIT_FLOW_MESSAGE_H

#include <arpa/inet.h>
#include <endian.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <vector>

#include "lib/flow.h"

namespace ipxlat {

class FlowMessage {
 public:
  // `type` is NEW, or DELETE of an event.
  template <class Address>
  explicit FlowMessage(const Flow<Address>& flow, int type = IPCTNL_MSG_CT_NEW) : bytes_(1024) {
    message_ = mnl_nlmsg_put_header(bytes_.data());
    message_->nlmsg_type = static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | type);
    auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message_, sizeof(nfgenmsg)));
    header->nfgen_family = sizeof(Address) == sizeof(in_addr) ? AF_INET : AF_INET6;
    put_tuple(CTA_TUPLE_ORIG, flow.original);
    put_tuple(CTA_TUPLE_REPLY, flow.reply);
    mnl_attr_put_u32(message_, CTA_STATUS, htonl(flow.status));
    if (flow.left) mnl_attr_put_u32(message_, CTA_TIMEOUT, htonl(*flow.left));
    put_counts(CTA_COUNTERS_ORIG, flow.original_counts);
    put_counts(CTA_COUNTERS_REPLY, flow.reply_counts);
    nest(CTA_TIMESTAMP, [&] {
      if (flow.began) mnl_attr_put_u64(message_, CTA_TIMESTAMP_START, htobe64(*flow.began));
      if (flow.ended) mnl_attr_put_u64(message_, CTA_TIMESTAMP_STOP, htobe64(*flow.ended));
    });
    if (flow.tcp_state)
      nest(CTA_PROTOINFO, [&] {
        nest(CTA_PROTOINFO_TCP, [&] { mnl_attr_put_u8(message_, CTA_PROTOINFO_TCP_STATE, *flow.tcp_state); });
      });
    bytes_.resize(message_->nlmsg_len);
  }
  FlowMessage(const FlowMessage&) = delete;
  FlowMessage& operator=(const FlowMessage&) = delete;

  const nlmsghdr* header() const { return reinterpret_cast<const nlmsghdr*>(bytes_.data()); }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  template <class Put>
  void nest(uint16_t type, Put put) {
    nlattr* nest = mnl_attr_nest_start(message_, type);
    put();
    mnl_attr_nest_end(message_, nest);
  }

  template <class Address>
  void put_tuple(uint16_t type, const Tuple<Address>& tuple) {
    const bool four = sizeof(Address) == sizeof(in_addr);
    nest(type, [&] {
      nest(CTA_TUPLE_IP, [&] {
        mnl_attr_put(message_, four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, sizeof(Address), &tuple.source.address);
        mnl_attr_put(message_, four ? CTA_IP_V4_DST : CTA_IP_V6_DST, sizeof(Address),
                     &tuple.destination.address);
      });
      nest(CTA_TUPLE_PROTO, [&] {
        mnl_attr_put_u8(message_, CTA_PROTO_NUM, tuple.protocol);
        if (tuple.protocol == IPPROTO_ICMP || tuple.protocol == IPPROTO_ICMPV6) {
          mnl_attr_put_u16(message_, four ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID,
                           htons(tuple.source.port));
          mnl_attr_put_u8(message_, four ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE, tuple.icmp_type);
          mnl_attr_put_u8(message_, four ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE, 0);
        } else {
          mnl_attr_put_u16(message_, CTA_PROTO_SRC_PORT, htons(tuple.source.port));
          mnl_attr_put_u16(message_, CTA_PROTO_DST_PORT, htons(tuple.destination.port));
        }
      });
    });
  }

  void put_counts(uint16_t type, const std::optional<Counts>& counts) {
    if (!counts) return;
    nest(type, [&] {
      mnl_attr_put_u64(message_, CTA_COUNTERS_PACKETS, htobe64(counts->packets));
      mnl_attr_put_u64(message_, CTA_COUNTERS_BYTES, htobe64(counts->bytes));
    });
  }

  std::vector<uint8_t> bytes_;
  nlmsghdr* message_;
};

}  // namespace ipxlat

#endif
