// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

struct Ports {
  explicit Ports(Words& words) {
    source = words.number("a port", 0xffff);
    words.expect(">");
    destination = words.number("a port", 0xffff);
  }

  void put(Bytes& bytes) const {
    put16(bytes, 0, source);
    put16(bytes, 2, destination);
  }

  uint32_t source;
  uint32_t destination;
};

// The checksum of `bytes`, all of them or the first `covered`, with their pseudo-header.
uint16_t value_of(const Check& check, const Network* network, uint8_t protocol, const Bytes& bytes,
                  size_t covered) {
  Bytes message = pseudo_header(network, protocol, bytes.size());
  message.insert(message.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(covered));
  return check.value(message);
}

// RFC 768, and RFC 3828, which has a coverage instead of a length.
class UdpLayer final : public Layer {
 public:
  UdpLayer(Words& words, uint8_t protocol) : protocol_(protocol), ports_(words) {
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return protocol_; }

  Bytes build(const Bytes& payload, std::optional<uint8_t>, const Network* network) const override {
    Bytes bytes(8);
    ports_.put(bytes);
    append(bytes, payload);
    put16(bytes, 4, length_.value_or(static_cast<uint32_t>(bytes.size())));
    size_t covered = protocol_ == IPPROTO_UDPLITE && length_ && *length_ ? *length_ : bytes.size();
    uint16_t check = value_of(check_, network, protocol_, bytes, covered);
    put16(bytes, 6, check || check_.is_none() ? check : 0xffff);
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take(protocol_ == IPPROTO_UDPLITE ? "covers" : "length"))
      length_ = words.number("a number of bytes", 0xffff);
    else if (!check_.read(words))
      words.fail("udp has no '" + words.next("a field") + "'");
  }

  uint8_t protocol_;
  Ports ports_;
  std::optional<uint32_t> length_;
  Check check_;
};

// RFC 9293
class TcpLayer final : public Layer {
 public:
  explicit TcpLayer(Words& words) : ports_(words) {
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return IPPROTO_TCP; }

  Bytes build(const Bytes& payload, std::optional<uint8_t>, const Network* network) const override {
    Bytes bytes(20);
    ports_.put(bytes);
    put32(bytes, 4, seq_);
    put32(bytes, 8, ack_);
    bytes[12] = static_cast<uint8_t>((20 + options_.size()) / 4 << 4);
    bytes[13] = flags_;
    put16(bytes, 14, 0x1000);
    append(bytes, options_);
    append(bytes, payload);
    put16(bytes, 16, value_of(check_, network, IPPROTO_TCP, bytes, bytes.size()));
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take("seq")) {
      seq_ = words.number("a sequence number", 0xffffffff);
    } else if (words.take("ack")) {
      ack_ = words.number("a sequence number", 0xffffffff);
    } else if (words.take("flags")) {
      flags_ = static_cast<uint8_t>(words.number("flags", 0xff));
    } else if (words.take("options")) {
      options_ = words.hex();
      options_.resize((options_.size() + 3) / 4 * 4);
    } else if (!check_.read(words)) {
      words.fail("tcp has no '" + words.next("a field") + "'");
    }
  }

  Ports ports_;
  uint32_t seq_ = 1;
  uint32_t ack_ = 1;
  uint8_t flags_ = 0x10;
  Bytes options_;
  Check check_;
};

// RFC 4340 5.1: a DCCP-Data packet with long sequence numbers
class DccpLayer final : public Layer {
 public:
  explicit DccpLayer(Words& words) : ports_(words) {
    while (!words.done())
      if (!check_.read(words)) words.fail("dccp has no '" + words.next("a field") + "'");
  }

  std::optional<uint8_t> protocol() const override { return IPPROTO_DCCP; }

  Bytes build(const Bytes& payload, std::optional<uint8_t>, const Network* network) const override {
    Bytes bytes(16);
    ports_.put(bytes);
    bytes[4] = 4;
    bytes[8] = 2 << 1 | 1;
    bytes[15] = 1;
    append(bytes, payload);
    put16(bytes, 6, value_of(check_, network, IPPROTO_DCCP, bytes, bytes.size()));
    return bytes;
  }

 private:
  Ports ports_;
  Check check_;
};

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

// Bytes that say where they are in a datagram, or those of the text.
class DataLayer final : public Layer {
 public:
  explicit DataLayer(Bytes bytes) : bytes_(std::move(bytes)) {}

  Bytes build(const Bytes& payload, std::optional<uint8_t>, const Network*) const override {
    Bytes bytes = bytes_;
    append(bytes, payload);
    return bytes;
  }

 private:
  Bytes bytes_;
};

}  // namespace

LayerPtr read_udp(Words& words) { return std::make_unique<UdpLayer>(words, IPPROTO_UDP); }
LayerPtr read_udplite(Words& words) { return std::make_unique<UdpLayer>(words, IPPROTO_UDPLITE); }
LayerPtr read_tcp(Words& words) { return std::make_unique<TcpLayer>(words); }
LayerPtr read_dccp(Words& words) { return std::make_unique<DccpLayer>(words); }

LayerPtr read_icmp(Words& words, Family family, const Hosts& hosts) {
  return std::make_unique<IcmpLayer>(words, family, hosts);
}

LayerPtr read_data(Words& words) {
  uint32_t size = words.number("a number of bytes", 0xffff);
  uint32_t from = words.take("from") ? words.number("a position", 0xffff) : 0;
  Bytes bytes(size);
  for (uint32_t i = 0; i < size; i++) bytes[i] = static_cast<uint8_t>((from + i) * 5 + (from + i) / 256);
  return std::make_unique<DataLayer>(std::move(bytes));
}

LayerPtr read_hex(Words& words) {
  Bytes bytes;
  while (!words.done()) append(bytes, words.hex());
  return std::make_unique<DataLayer>(std::move(bytes));
}

}  // namespace ipxlat::test
