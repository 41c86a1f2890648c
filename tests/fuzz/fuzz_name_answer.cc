// SPDX-License-Identifier: GPL-2.0-only
// Bytes as the IPv6 addresses of a name: the prefixes that are found are prefixes of some of them.
#include <algorithm>
#include <cstring>

#include "daemon/discovery/name_answer.h"
#include "lib/networks.h"
#include "tests/fuzz/claim.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

void claim_answer(const Bytes& bytes) {
  std::vector<in6_addr> addresses(bytes.size() / sizeof(in6_addr));
  if (!addresses.empty()) std::memcpy(addresses.data(), bytes.data(), addresses.size() * sizeof(in6_addr));
  const auto prefixes = prefixes_of_answer(addresses);
  for (const auto& prefix : prefixes) {
    claim(is_pref64(prefix), "a device takes every prefix");
    const Prefix6 well_known = embedded(prefix, parse_prefix4("192.0.0.170/31"));
    claim(std::ranges::any_of(addresses, [&](const in6_addr& one) { return covers(prefix, host(one)); }),
          "an address is in it");
    claim(std::ranges::any_of(addresses, [&](const in6_addr& one) { return covers(well_known, host(one)); }),
          "and has one of the name's IPv4 addresses");
    claim(std::ranges::count(prefixes, prefix) == 1, "each is told once");
  }
}

}  // namespace
}  // namespace ipxlat::test

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ipxlat::Bytes bytes(data, data + size);
  ipxlat::test::hold([&] { ipxlat::test::claim_answer(bytes); }, [&] { return ipxlat::test::hex(bytes); });
  return 0;
}
