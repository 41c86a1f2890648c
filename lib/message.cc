// SPDX-License-Identifier: GPL-2.0-only
#include "lib/message.h"

#include <linux/genetlink.h>

#include <cstring>

namespace ipxlat {
namespace {

std::span<const uint8_t> bytes_of(const auto& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

}  // namespace

Message::Message(uint16_t family, uint8_t command, uint8_t version, uint16_t flags)
    : bytes_(NLMSG_HDRLEN + GENL_HDRLEN) {
  header()->nlmsg_type = family;
  header()->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
  header()->nlmsg_len = static_cast<uint32_t>(bytes_.size());
  genlmsghdr generic{command, version, 0};
  std::memcpy(bytes_.data() + NLMSG_HDRLEN, &generic, sizeof generic);
}

size_t Message::append(uint16_t type, size_t payload_length) {
  size_t at = bytes_.size();
  nlattr attribute{static_cast<uint16_t>(NLA_HDRLEN + payload_length), type};
  bytes_.resize(at + NLA_HDRLEN + NLA_ALIGN(payload_length));
  std::memcpy(bytes_.data() + at, &attribute, sizeof attribute);
  header()->nlmsg_len = static_cast<uint32_t>(bytes_.size());
  return at + NLA_HDRLEN;
}

void Message::put(uint16_t type, std::span<const uint8_t> payload) {
  size_t at = append(type, payload.size());
  if (!payload.empty()) std::memcpy(bytes_.data() + at, payload.data(), payload.size());
}

void Message::put_flag(uint16_t type) { append(type, 0); }
void Message::put_u8(uint16_t type, uint8_t value) { put(type, bytes_of(value)); }
void Message::put_u32(uint16_t type, uint32_t value) { put(type, bytes_of(value)); }

void Message::put_string(uint16_t type, std::string_view text) {
  size_t at = append(type, text.size() + 1);
  if (!text.empty()) std::memcpy(bytes_.data() + at, text.data(), text.size());
}

size_t Message::begin_nest(uint16_t type) { return append(type | NLA_F_NESTED, 0) - NLA_HDRLEN; }

void Message::end_nest(size_t nest) {
  auto length = static_cast<uint16_t>(bytes_.size() - nest);
  std::memcpy(bytes_.data() + nest + offsetof(nlattr, nla_len), &length, sizeof length);
}

}  // namespace ipxlat
