// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

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

LayerPtr read_extension(Words& words, uint8_t protocol) {
  return std::make_unique<ExtensionLayer>(words, protocol);
}

LayerPtr read_fragment(Words& words) { return std::make_unique<FragmentLayer>(words); }

}  // namespace ipxlat::test
