// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

class Ip4Layer final : public Layer {
 public:
  Ip4Layer(Words& words, const Hosts& hosts) {
    network_.source = read_address(words, hosts, Family::kIpv4);
    words.expect(">");
    network_.destination = read_address(words, hosts, Family::kIpv4);
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return IPPROTO_IPIP; }
  const Network* network() const override { return &network_; }
  bool any_id() const override { return !id_; }

  Bytes build(const Bytes& payload, std::optional<uint8_t> next, const Network*) const override {
    Bytes part = slice_ ? take_slice(payload, *slice_) : payload;
    bool more = mf_ || (slice_ && slice_->from + slice_->length < payload.size());
    size_t header = 20 + options_.size();
    Bytes bytes(20);
    bytes[0] = static_cast<uint8_t>(version_ << 4 | ihl_.value_or(static_cast<uint32_t>(header / 4)));
    bytes[1] = tos_;
    put16(bytes, 2, length_.value_or(static_cast<uint32_t>(header + part.size())));
    put16(bytes, 4, id_.value_or(0));
    put16(bytes, 6,
          (df_ ? 0x4000 : 0) | (more ? 0x2000 : 0) | offset_.value_or(slice_ ? slice_->from : 0) / 8);
    bytes[8] = ttl_;
    bytes[9] = next_header(protocol_, next);
    std::copy(network_.source.begin(), network_.source.end(), bytes.begin() + 12);
    std::copy(network_.destination.begin(), network_.destination.end(), bytes.begin() + 16);
    append(bytes, options_);
    put16(bytes, 10, check_.value(bytes));
    append(bytes, part);
    if (cut_ && *cut_ < bytes.size()) bytes.resize(*cut_);
    bytes.resize(bytes.size() + pad_, 0xee);
    bytes.resize(bytes.size() + zeros_, 0);
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take("ttl")) {
      ttl_ = static_cast<uint8_t>(words.number("a time to live", 0xff));
    } else if (words.take("tos")) {
      tos_ = static_cast<uint8_t>(words.number("a type of service", 0xff));
    } else if (words.take("id")) {
      id_ = words.number("an identification", 0xffff);
    } else if (words.take("df")) {
      df_ = true;
    } else if (words.take("mf")) {
      mf_ = true;
    } else if (words.take("fragment")) {
      slice_ = read_slice(words);
    } else if (words.take("offset")) {
      offset_ = words.number("a fragment offset in bytes", 0xfff8);
    } else if (words.take("proto")) {
      protocol_ = static_cast<uint8_t>(words.number("a protocol", 0xff));
    } else if (words.take("options")) {
      options_ = words.hex();
      options_.resize((options_.size() + 3) / 4 * 4);
    } else {
      read_lie(words);
    }
  }

  // What makes a packet malformed.
  void read_lie(Words& words) {
    if (words.take("length")) {
      length_ = words.number("a total length", 0xffff);
    } else if (words.take("ihl")) {
      ihl_ = words.number("a header length in words", 15);
    } else if (words.take("version")) {
      version_ = words.number("a version", 15);
    } else if (words.take("cut")) {
      cut_ = words.number("a number of bytes", 0xffff);
    } else if (words.take("pad")) {
      pad_ = words.number("a number of bytes", 0xffff);
    } else if (words.take("zeros")) {
      zeros_ = words.number("a number of bytes", 0xffff);
    } else if (!check_.read(words)) {
      words.fail("ip4 has no '" + words.next("a field") + "'");
    }
  }

  Network network_{Family::kIpv4, {}, {}};
  uint8_t ttl_ = 64;
  uint8_t tos_ = 0;
  std::optional<uint32_t> id_;
  bool df_ = false;
  bool mf_ = false;
  std::optional<Slice> slice_;
  std::optional<uint32_t> offset_;
  std::optional<uint8_t> protocol_;
  Bytes options_;
  std::optional<uint32_t> length_;
  std::optional<uint32_t> ihl_;
  uint32_t version_ = 4;
  std::optional<uint32_t> cut_;
  uint32_t pad_ = 0;
  uint32_t zeros_ = 0;
  Check check_;
};

}  // namespace

LayerPtr read_ip4(Words& words, const Hosts& hosts) { return std::make_unique<Ip4Layer>(words, hosts); }

}  // namespace ipxlat::test
