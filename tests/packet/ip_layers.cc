// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

// What makes a packet longer or shorter than its headers say.
class Tail {
 public:
  // False if it is another word.
  bool read(Words& words) {
    if (words.take("cut"))
      cut_ = words.number("a number of bytes", 0xffff);
    else if (words.take("pad"))
      pad_ = words.number("a number of bytes", 0xffff);
    else if (words.take("zeros"))
      zeros_ = words.number("a number of bytes", 0xffff);
    else
      return false;
    return true;
  }

  void apply(Bytes& packet) const {
    if (cut_ && *cut_ < packet.size()) packet.resize(*cut_);
    packet.resize(packet.size() + pad_, 0xee);
    packet.resize(packet.size() + zeros_, 0);
  }

 private:
  std::optional<uint32_t> cut_;
  uint32_t pad_ = 0;
  uint32_t zeros_ = 0;
};

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
    tail_.apply(bytes);
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
    } else if (!tail_.read(words) && !check_.read(words)) {
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
  Tail tail_;
  Check check_;
};

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
    tail_.apply(bytes);
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
    } else if (!tail_.read(words)) {
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
  Tail tail_;
};

// RFC 8200 4.3, 4.4, 4.6; all of its own content is zero, which in options is padding.
class ExtensionLayer final : public Layer {
 public:
  ExtensionLayer(Words& words, uint8_t protocol) : protocol_(protocol) {
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return protocol_; }

  Bytes build(const Bytes& payload, std::optional<uint8_t> next, const Network*) const override {
    Bytes bytes(size_);
    bytes[0] = next_header(next_, next);
    bytes[1] = static_cast<uint8_t>(units_.value_or(size_ / 8 - 1));
    bytes[2] = type_;
    bytes[3] = left_;
    append(bytes, payload);
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take("size")) {
      size_ = words.number("a number of bytes", 2048);
      if (size_ < 8 || size_ % 8) words.fail("an extension header has a multiple of 8 bytes");
    } else if (words.take("next")) {
      next_ = static_cast<uint8_t>(words.number("a next header", 0xff));
    } else if (words.take("units")) {
      units_ = words.number("a length in units of 8 bytes, less one", 0xff);
    } else if (protocol_ == IPPROTO_ROUTING && words.take("type")) {
      type_ = static_cast<uint8_t>(words.number("a routing type", 0xff));
    } else if (protocol_ == IPPROTO_ROUTING && words.take("left")) {
      left_ = static_cast<uint8_t>(words.number("a number of segments", 0xff));
    } else {
      words.fail("this extension header has no '" + words.next("a field") + "'");
    }
  }

  uint8_t protocol_;
  uint32_t size_ = 8;
  std::optional<uint8_t> next_;
  std::optional<uint32_t> units_;
  uint8_t type_ = 0;
  uint8_t left_ = 0;
};

// RFC 8200 4.5
class FragmentLayer final : public Layer {
 public:
  explicit FragmentLayer(Words& words) {
    while (!words.done()) read_field(words);
  }

  std::optional<uint8_t> protocol() const override { return IPPROTO_FRAGMENT; }

  Bytes build(const Bytes& payload, std::optional<uint8_t> next, const Network*) const override {
    bool more = more_ || (slice_ && slice_->from + slice_->length < payload.size());
    Bytes bytes(8);
    bytes[0] = next_header(next_, next);
    bytes[1] = reserved_;
    put16(bytes, 2, offset_.value_or(slice_ ? slice_->from : 0) / 8 * 8 | (more ? 1 : 0));
    put32(bytes, 4, id_);
    append(bytes, slice_ ? take_slice(payload, *slice_) : payload);
    return bytes;
  }

 private:
  void read_field(Words& words) {
    if (words.take("of")) {
      slice_ = read_slice(words);
    } else if (words.take("id")) {
      id_ = words.number("an identification", 0xffffffff);
    } else if (words.take("more")) {
      more_ = true;
    } else if (words.take("offset")) {
      offset_ = words.number("a fragment offset in bytes", 0xfff8);
    } else if (words.take("next")) {
      next_ = static_cast<uint8_t>(words.number("a next header", 0xff));
    } else if (words.take("reserved")) {
      reserved_ = static_cast<uint8_t>(words.number("a byte", 0xff));
    } else {
      words.fail("fragment has no '" + words.next("a field") + "'");
    }
  }

  std::optional<Slice> slice_;
  std::optional<uint32_t> offset_;
  std::optional<uint8_t> next_;
  uint32_t id_ = 0;
  uint8_t reserved_ = 0;
  bool more_ = false;
};

}  // namespace

LayerPtr read_ip4(Words& words, const Hosts& hosts) { return std::make_unique<Ip4Layer>(words, hosts); }

LayerPtr read_ip6(Words& words, const Hosts& hosts) { return std::make_unique<Ip6Layer>(words, hosts); }

LayerPtr read_extension(Words& words, uint8_t protocol) {
  return std::make_unique<ExtensionLayer>(words, protocol);
}

LayerPtr read_fragment(Words& words) { return std::make_unique<FragmentLayer>(words); }

}  // namespace ipxlat::test
