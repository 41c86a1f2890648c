// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/stable_address.h"

#include <systemd/sd-id128.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace ipxlat {
namespace {

// keeps this secret apart from what other programs make of the machine id
constexpr sd_id128_t kApplication =
    SD_ID128_MAKE(3d, 5e, 0c, 4b, 9a, 7f, 48, 21, b6, 30, 1d, 64, c1, a7, 0e, f2);

// RFC 5453: subnet-router anycast, and the subnet anycast addresses of RFC 2526.
bool reserved(uint64_t identifier) {
  return identifier == 0 || (identifier >= 0xfdffffffffffff80 && identifier <= 0xfdffffffffffffff);
}

uint64_t identifier(const SipKey& secret, const Prefix6& prefix, const std::string& link, uint32_t attempt,
                    uint32_t passed) {
  std::vector<uint8_t> input(prefix.address.s6_addr, prefix.address.s6_addr + 8);
  input.insert(input.end(), link.begin(), link.end());
  for (uint32_t number : {attempt, passed})
    for (int shift = 0; shift < 32; shift += 8) input.push_back(static_cast<uint8_t>(number >> shift));
  return siphash24(secret, input);
}

}  // namespace

in6_addr stable_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                        unsigned attempt) {
  uint32_t passed = 0;
  uint64_t low = identifier(secret, prefix, link, attempt, passed);
  while (reserved(low)) low = identifier(secret, prefix, link, attempt, ++passed);
  in6_addr address = prefix.address;
  for (int i = 0; i < 8; i++) address.s6_addr[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  return address;
}

SipKey machine_secret() {
  sd_id128_t id;
  if (sd_id128_get_machine_app_specific(kApplication, &id) < 0 &&
      sd_id128_get_boot_app_specific(kApplication, &id) < 0)
    throw std::runtime_error("there is neither /etc/machine-id nor a boot id");
  SipKey key;
  std::copy(std::begin(id.bytes), std::end(id.bytes), key.begin());
  return key;
}

}  // namespace ipxlat
