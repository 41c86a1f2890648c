// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/stable_address.h"

#include <vector>

namespace ipxlat {
namespace {

uint64_t identifier(const SipKey& secret, const Prefix6& prefix, const std::string& link, uint32_t attempt,
                    uint32_t passed) {
  std::vector<uint8_t> input(prefix.address.s6_addr, prefix.address.s6_addr + 8);
  input.insert(input.end(), link.begin(), link.end());
  for (uint32_t number : {attempt, passed})
    for (int shift = 0; shift < 32; shift += 8) input.push_back(static_cast<uint8_t>(number >> shift));
  return siphash24(secret, input);
}

}  // namespace

bool reserved_identifier(uint64_t identifier) {
  return identifier == 0 || (identifier >= 0xfdffffffffffff80 && identifier <= 0xfdffffffffffffff);
}

in6_addr stable_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                        unsigned attempt) {
  uint32_t passed = 0;
  uint64_t low = identifier(secret, prefix, link, attempt, passed);
  while (reserved_identifier(low)) low = identifier(secret, prefix, link, attempt, ++passed);
  in6_addr address = prefix.address;
  for (int i = 0; i < 8; i++) address.s6_addr[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  return address;
}

in6_addr temporary_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                           const std::string& boot, int64_t day, unsigned attempt) {
  return stable_address(secret, prefix, link + " on day " + std::to_string(day) + " of " + boot, attempt);
}

}  // namespace ipxlat
