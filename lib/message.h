// SPDX-License-Identifier: GPL-2.0-only
// One generic netlink message being built, of any size.
#ifndef IPXLAT_LIB_MESSAGE_H
#define IPXLAT_LIB_MESSAGE_H

#include <linux/netlink.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ipxlat {

class Message {
 public:
  // `flags` besides NLM_F_REQUEST and NLM_F_ACK, which every request has.
  Message(uint16_t family, uint8_t command, uint8_t version, uint16_t flags = 0);

  void put(uint16_t type, std::span<const uint8_t> payload);
  void put_flag(uint16_t type);
  void put_u8(uint16_t type, uint8_t value);
  void put_u32(uint16_t type, uint32_t value);
  void put_string(uint16_t type, std::string_view text);

  // Attributes put between the two are inside the nest; end_nest() takes what begin_nest() gave.
  size_t begin_nest(uint16_t type);
  void end_nest(size_t nest);

  void set_sequence(uint32_t sequence) { header()->nlmsg_seq = sequence; }

  // Valid until the next change of the message.
  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(bytes_.data()); }
  const nlmsghdr* header() const { return reinterpret_cast<const nlmsghdr*>(bytes_.data()); }
  size_t size() const { return bytes_.size(); }
  bool is_dump() const { return (header()->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP; }

 private:
  size_t append(uint16_t type, size_t payload_length);

  std::vector<uint8_t> bytes_;
};

}  // namespace ipxlat

#endif
