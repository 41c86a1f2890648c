// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

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
