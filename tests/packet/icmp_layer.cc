// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

// RFC 4884 7: a structure of `size` bytes with one object, which is opaque here.
Bytes extension_structure(uint32_t size) {
  Bytes bytes(size);
  bytes[0] = 2 << 4;
  put16(bytes, 4, size - 4);
  bytes[6] = 1;
  bytes[7] = 1;
  for (size_t at = 8; at < size; at++) bytes[at] = static_cast<uint8_t>(at);
  put16(bytes, 2, checksum(bytes));
  return bytes;
}

// RFC 792, RFC 4443
class IcmpLayer final : public Layer {
 public:
  IcmpLayer(Words& words, Family family) : family_(family) {
    type_ = static_cast<uint8_t>(words.number("an ICMP type", 0xff));
    code_ = static_cast<uint8_t>(words.number("an ICMP code", 0xff));
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override {
    if (family_ == Family::kIpv4) return IPPROTO_ICMP;
    return IPPROTO_ICMPV6;
  }

  Bytes build(const Bytes& payload, std::optional<uint8_t>, const Network* network) const override {
    Bytes message{type_, code_, 0, 0};
    message.resize(8);
    put32(message, 4, word_);
    append(message, payload);
    if (extension_) append(message, extension_structure(extension_));
    if (cut_ && *cut_ < message.size()) message.resize(*cut_);
    if (message.size() < 4) return message;
    Bytes covered;
    if (family_ == Family::kIpv6) covered = pseudo_header(network, IPPROTO_ICMPV6, message.size());
    append(covered, message);
    put16(message, 2, check_.value(covered));
    return message;
  }

 private:
  void read_field(Words& words) {
    if (words.take("word")) {
      word_ |= words.number("the second word", 0xffffffff);
    } else if (words.take("id")) {
      word_ |= words.number("an identifier", 0xffff) << 16;
    } else if (words.take("seq")) {
      word_ |= words.number("a sequence number", 0xffff);
    } else if (words.take("mtu")) {
      word_ |= words.number("an MTU", family_ == Family::kIpv4 ? 0xffff : 0xffffffff);
    } else if (words.take("pointer")) {
      word_ |= family_ == Family::kIpv4 ? words.number("a pointer", 0xff) << 24
                                        : words.number("a pointer", 0xffffffff);
    } else if (words.take("length")) {
      word_ |= words.number("a length", 0xff) << (family_ == Family::kIpv4 ? 16 : 24);
    } else if (words.take("extension")) {
      extension_ = words.number("a number of bytes", 1024);
      if (extension_ < 8) words.fail("an extension structure has 8 bytes or more");
    } else if (words.take("cut")) {
      cut_ = words.number("a number of bytes", 0xffff);
    } else if (!check_.read(words)) {
      words.fail("icmp has no '" + words.next("a field") + "'");
    }
  }

  Family family_;
  uint8_t type_;
  uint8_t code_;
  uint32_t word_ = 0;
  uint32_t extension_ = 0;
  std::optional<uint32_t> cut_;
  Check check_;
};

}  // namespace

LayerPtr read_icmp(Words& words, Family family) { return std::make_unique<IcmpLayer>(words, family); }

}  // namespace ipxlat::test
