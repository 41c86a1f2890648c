// SPDX-License-Identifier: GPL-2.0-only
// One layer of a packet being built, from the innermost outward.
#ifndef IPXLAT_TESTS_PACKET_LAYER_H
#define IPXLAT_TESTS_PACKET_LAYER_H

#include <memory>
#include <optional>

#include "tests/packet/packet.h"

namespace ipxlat::test {

// A host's name or an address, in network byte order.
Bytes read_address(Words& words, const Hosts& hosts, Family family);

// What a pseudo-header is made of: the nearest network header in front.
struct Network {
  Family family = Family::kIpv4;
  Bytes source;
  Bytes destination;
};

class Layer {
 public:
  virtual ~Layer() = default;

  // Its number in the header in front of it; none if that header has to say it.
  virtual std::optional<uint8_t> protocol() const { return {}; }

  // What it is to the layers behind it, if it is a network header.
  virtual const Network* network() const { return nullptr; }

  // IPv4 identification, as in Packet.
  virtual bool any_id() const { return false; }

  // The layer with `payload` behind it. `next`: the payload's number. `network`: may be null.
  virtual Bytes build(const Bytes& payload, std::optional<uint8_t> next, const Network* network) const = 0;
};

// A checksum field: what the text says, or the right value of `bytes`, in which the field is zero.
class Check {
 public:
  // Takes "check bad" (wrong by one), "check none" (zero) and "check NUMBER", where `name` is "check"; false
  // if it is another word.
  bool read(Words& words, std::string_view name = "check");
  bool is_none() const { return kind_ == Kind::kNone; }
  uint16_t value(const Bytes& bytes) const;

 private:
  enum class Kind { kRight, kBad, kNone, kValue };
  Kind kind_ = Kind::kRight;
  uint16_t value_ = 0;
};

// The number that a header says of what follows it: `said` by the text, else the payload's own.
uint8_t next_header(std::optional<uint8_t> said, std::optional<uint8_t> next);

// A part of a datagram: "FROM+LENGTH", bytes.
struct Slice {
  uint32_t from = 0;
  uint32_t length = 0;
};

Slice read_slice(Words& words);

// `payload`'s part; throws std::out_of_range if it does not reach so far.
Bytes take_slice(const Bytes& payload, const Slice& slice);

// Pseudo-header (RFC 768, RFC 8200 8.1) for `length` bytes; none without a network header.
Bytes pseudo_header(const Network* network, uint8_t protocol, size_t length);

// Each reads the words of one layer, its name already taken. SyntaxError. What only shows when the packet
// is built is std::invalid_argument or std::out_of_range.
using LayerPtr = std::unique_ptr<Layer>;
LayerPtr read_ip4(Words& words, const Hosts& hosts);
LayerPtr read_ip6(Words& words, const Hosts& hosts);
LayerPtr read_extension(Words& words, uint8_t protocol);
LayerPtr read_fragment(Words& words);
LayerPtr read_udp(Words& words);
LayerPtr read_udplite(Words& words);
LayerPtr read_tcp(Words& words);
LayerPtr read_dccp(Words& words);
LayerPtr read_icmp(Words& words, Family family, const Hosts& hosts);
LayerPtr read_data(Words& words);
LayerPtr read_hex(Words& words);

}  // namespace ipxlat::test

#endif
