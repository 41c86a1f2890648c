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

}  // namespace

LayerPtr read_udp(Words& words) { return std::make_unique<UdpLayer>(words, IPPROTO_UDP); }
LayerPtr read_udplite(Words& words) { return std::make_unique<UdpLayer>(words, IPPROTO_UDPLITE); }
LayerPtr read_tcp(Words& words) { return std::make_unique<TcpLayer>(words); }
LayerPtr read_dccp(Words& words) { return std::make_unique<DccpLayer>(words); }

}  // namespace ipxlat::test
