// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

class Ip6Layer final : public Layer {
 public:
  Ip6Layer(Words& words, const Hosts& hosts) {
    network_.source = read_address(words, hosts, Family::kIpv6);
    words.expect(">");
    network_.destination = read_address(words, hosts, Family::kIpv6);
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return IPPROTO_IPV6; }
  const Network* network() const override { return &network_; }

  Bytes build(const Bytes& payload, std::optional<uint8_t> next, const Network*) const override {
    Bytes bytes(8);
    put32(bytes, 0, version_ << 28 | class_ << 20 | flow_);
    put16(bytes, 4, length_.value_or(static_cast<uint32_t>(payload.size())));
    bytes[6] = next_header(next_, next);
    bytes[7] = hop_;
    append(bytes, network_.source);
    append(bytes, network_.destination);
    append(bytes, payload);
    if (cut_ && *cut_ < bytes.size()) bytes.resize(*cut_);
    bytes.resize(bytes.size() + pad_, 0xee);
    bytes.resize(bytes.size() + zeros_, 0);
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take("hop")) {
      hop_ = static_cast<uint8_t>(words.number("a hop limit", 0xff));
    } else if (words.take("class")) {
      class_ = words.number("a traffic class", 0xff);
    } else if (words.take("flow")) {
      flow_ = words.number("a flow label", 0xfffff);
    } else if (words.take("next")) {
      next_ = static_cast<uint8_t>(words.number("a next header", 0xff));
    } else if (words.take("length")) {
      length_ = words.number("a payload length", 0xffff);
    } else if (words.take("version")) {
      version_ = words.number("a version", 15);
    } else if (words.take("cut")) {
      cut_ = words.number("a number of bytes", 0xffff);
    } else if (words.take("pad")) {
      pad_ = words.number("a number of bytes", 0xffff);
    } else if (words.take("zeros")) {
      zeros_ = words.number("a number of bytes", 0xffff);
    } else {
      words.fail("ip6 has no '" + words.next("a field") + "'");
    }
  }

  Network network_{Family::kIpv6, {}, {}};
  uint8_t hop_ = 64;
  uint32_t class_ = 0;
  uint32_t flow_ = 0;
  uint32_t version_ = 6;
  std::optional<uint8_t> next_;
  std::optional<uint32_t> length_;
  std::optional<uint32_t> cut_;
  uint32_t pad_ = 0;
  uint32_t zeros_ = 0;
};

}  // namespace

LayerPtr read_ip6(Words& words, const Hosts& hosts) { return std::make_unique<Ip6Layer>(words, hosts); }

}  // namespace ipxlat::test
