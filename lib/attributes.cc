// SPDX-License-Identifier: GPL-2.0-only
#include "lib/attributes.h"

#include <linux/genetlink.h>

#include <algorithm>

namespace ipxlat {

std::vector<Attribute> parse_attributes(std::span<const uint8_t> bytes) {
  std::vector<Attribute> attributes;
  while (!bytes.empty()) {
    nlattr header;
    if (bytes.size() < sizeof header) throw MalformedMessage("bytes are left behind the last attribute");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nla_len < NLA_HDRLEN || header.nla_len > bytes.size())
      throw MalformedMessage("an attribute is longer than what it is in");
    attributes.emplace_back(header.nla_type & NLA_TYPE_MASK,
                            bytes.subspan(NLA_HDRLEN, header.nla_len - NLA_HDRLEN));
    bytes = bytes.subspan(std::min<size_t>(NLA_ALIGN(header.nla_len), bytes.size()));
  }
  return attributes;
}

std::vector<Attribute> parse_attributes(const nlmsghdr* message) {
  constexpr size_t kHeaders = NLMSG_HDRLEN + GENL_HDRLEN;
  if (message->nlmsg_len < kHeaders) throw MalformedMessage("a message is shorter than its headers");
  const auto* bytes = reinterpret_cast<const uint8_t*>(message);
  return parse_attributes(std::span(bytes + kHeaders, message->nlmsg_len - kHeaders));
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, uint16_t type) {
  auto found = std::find_if(attributes.rbegin(), attributes.rend(),
                            [type](const Attribute& a) { return a.type() == type; });
  return found == attributes.rend() ? nullptr : &*found;
}

const Attribute& required(const std::vector<Attribute>& attributes, uint16_t type, const char* what) {
  if (const Attribute* found = find_attribute(attributes, type)) return *found;
  throw MalformedMessage(std::string(what) + " is missing");
}

std::vector<Attribute> Attribute::nested() const { return parse_attributes(payload_); }

std::string Attribute::as_string() const {
  auto end = std::find(payload_.begin(), payload_.end(), 0);
  if (end == payload_.end())
    throw MalformedMessage("the string in attribute " + std::to_string(type_) + " has no end");
  return {payload_.begin(), end};
}

void Attribute::require_length(size_t length) const {
  if (payload_.size() != length)
    throw MalformedMessage("attribute " + std::to_string(type_) + " has " + std::to_string(payload_.size()) +
                           " bytes and not " + std::to_string(length));
}

}  // namespace ipxlat
