// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

// RFC 4884 7.1, with a payload that is opaque here
Bytes mpls_object(uint32_t size) {
  Bytes object(size);
  put16(object, 0, size);
  object[2] = 1;
  object[3] = 1;
  for (size_t at = 4; at < size; at++) object[at] = static_cast<uint8_t>(at);
  return object;
}

// RFC 5837 4: of the incoming interface, its address
Bytes interface_object(const Bytes& address) {
  Bytes object{0, 24, 2, 4, 0, 2, 0, 0};
  append(object, address);
  return object;
}

// RFC 792, RFC 4443
class IcmpLayer final : public Layer {
 public:
  IcmpLayer(Words& words, Family family, const Hosts& hosts) : family_(family) {
    type_ = static_cast<uint8_t>(words.number("an ICMP type", 0xff));
    code_ = static_cast<uint8_t>(words.number("an ICMP code", 0xff));
    while (!words.done()) read_field(words, hosts);
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
    append(message, extension());
    if (cut_ && *cut_ < message.size()) message.resize(*cut_);
    if (message.size() < 4) return message;
    Bytes covered;
    if (family_ == Family::kIpv6) covered = pseudo_header(network, IPPROTO_ICMPV6, message.size());
    append(covered, message);
    put16(message, 2, check_.value(covered));
    return message;
  }

 private:
  // RFC 4884 7
  Bytes extension() const {
    if (objects_.empty()) return {};
    Bytes structure{static_cast<uint8_t>(extension_version_ << 4), 0, 0, 0};
    append(structure, objects_);
    put16(structure, 2, extension_check_.value(structure));
    return structure;
  }

  bool read_extension(Words& words, const Hosts& hosts) {
    if (words.take("extension")) {
      uint32_t size = words.number("a number of bytes", 2048);
      if (size < 8) words.fail("an extension structure has 8 bytes or more");
      append(objects_, mpls_object(size - 4));
    } else if (words.take("interface")) {
      append(objects_, interface_object(read_address(words, hosts, Family::kIpv6)));
    } else if (words.take("extension-version")) {
      extension_version_ = words.number("a version", 15);
    } else {
      return extension_check_.read(words, "extension-check");
    }
    return true;
  }

  void read_field(Words& words, const Hosts& hosts) {
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
    } else if (words.take("cut")) {
      cut_ = words.number("a number of bytes", 0xffff);
    } else if (!read_extension(words, hosts) && !check_.read(words)) {
      words.fail("icmp has no '" + words.next("a field") + "'");
    }
  }

  Family family_;
  uint8_t type_;
  uint8_t code_;
  uint32_t word_ = 0;
  Bytes objects_;
  uint32_t extension_version_ = 2;
  Check extension_check_;
  std::optional<uint32_t> cut_;
  Check check_;
};

}  // namespace

LayerPtr read_icmp(Words& words, Family family, const Hosts& hosts) {
  return std::make_unique<IcmpLayer>(words, family, hosts);
}

}  // namespace ipxlat::test
