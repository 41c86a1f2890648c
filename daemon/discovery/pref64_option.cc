// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/pref64_option.h"

#include <algorithm>
#include <array>

#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint8_t kType = 38;
constexpr uint8_t kUnits = 2;  // of 8 bytes
constexpr size_t kBytes = 8 * kUnits;
constexpr size_t kPrefixBytes = 12;
constexpr unsigned kLifetimeUnit = 8;  // seconds
constexpr std::array<uint8_t, 6> kLengths = {96, 64, 56, 48, 40, 32};

}  // namespace

std::optional<Pref64Option> read_pref64_option(std::span<const uint8_t> option) {
  if (option.size() != kBytes || option[0] != kType || option[1] != kUnits) return std::nullopt;
  const unsigned word = option[2] << 8 | option[3];
  const unsigned length_code = word & 7;
  if (length_code >= kLengths.size()) return std::nullopt;
  Prefix6 prefix{{}, kLengths[length_code]};
  std::copy_n(option.begin() + 4, kPrefixBytes, prefix.address.s6_addr);
  // bits behind its length are ignored
  prefix = masked(prefix);
  if (!is_pref64(prefix)) return std::nullopt;
  return Pref64Option{prefix, std::chrono::seconds((word >> 3) * kLifetimeUnit)};
}

}  // namespace ipxlat
