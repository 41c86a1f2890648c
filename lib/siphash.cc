// SPDX-License-Identifier: GPL-2.0-only
#include "lib/siphash.h"

#include <bit>

namespace ipxlat {
namespace {

uint64_t little_endian(std::span<const uint8_t> bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); i++) value |= uint64_t{bytes[i]} << 8 * i;
  return value;
}

struct State {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  void absorb(uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

}  // namespace

uint64_t siphash24(const SipKey& key, std::span<const uint8_t> data) {
  const uint64_t k0 = little_endian(std::span(key).first(8));
  const uint64_t k1 = little_endian(std::span(key).last(8));
  State state{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
              k1 ^ 0x7465646279746573};
  const uint64_t length = uint64_t{data.size()} << 56;
  for (; data.size() >= 8; data = data.subspan(8)) state.absorb(little_endian(data.first(8)));
  state.absorb(little_endian(data) | length);
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; i++) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace ipxlat
