// SPDX-License-Identifier: GPL-2.0-only
// Reproducible random numbers.
#ifndef IPXLAT_TESTS_DATAPATH_RANDOM_H
#define IPXLAT_TESTS_DATAPATH_RANDOM_H

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace ipxlat::test {

// The same seed and stream give the same numbers everywhere.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream) : state_(seed * 0x9e3779b97f4a7c15 + stream * 0xd1342543de82ef95) {}

  uint64_t next() {  // splitmix64
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // 0 to count - 1; `count` is at least 1.
  uint32_t below(size_t count) { return static_cast<uint32_t>(next() % count); }

  // `least` to `most`.
  uint32_t between(uint32_t least, uint32_t most) { return least + below(size_t{most} - least + 1); }

  bool one_in(uint32_t count) { return below(count) == 0; }
  bool percent(uint32_t chance) { return below(100) < chance; }
  uint8_t byte() { return static_cast<uint8_t>(next()); }

  // One element of an array or vector that is not empty.
  template <class Array>
  auto& of(Array& array) {
    return *(std::begin(array) + below(std::size(array)));
  }

  // A 16-bit number: one at which something often changes, or any.
  uint16_t odd16() {
    static constexpr uint16_t kEdges[] = {
        0,   1,    7,    8,    19,   20,   27,   28,   39,   40,   47,     48,     127,    128,    255,
        256, 1259, 1260, 1279, 1280, 1281, 1472, 1480, 1500, 4096, 0x7fff, 0x8000, 0xfff8, 0xfffe, 0xffff};
    return one_in(2) ? of(kEdges) : static_cast<uint16_t>(next());
  }

 private:
  uint64_t state_;
};

}  // namespace ipxlat::test

#endif
