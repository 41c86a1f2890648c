// SPDX-License-Identifier: GPL-2.0-only
// Bytes as a router advertisement, and as an option alone.
#include "daemon/discovery/advertised_options.h"
#include "lib/networks.h"
#include "tests/fuzz/claim.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

void claim_option(const Pref64Option& option) {
  claim(is_pref64(option.prefix), "a device takes every prefix");
  claim(masked(option.prefix) == option.prefix, "no prefix has bits behind its length");
  claim(option.lifetime.count() % 8 == 0 && option.lifetime.count() <= 65528,
        "a lifetime is 13 bits of 8 seconds");
}

void claim_option(const ResolverOption& option) {
  for (const auto& address : option.addresses)
    claim(!IN6_IS_ADDR_MULTICAST(&address) && !IN6_IS_ADDR_UNSPECIFIED(&address), "a resolver is one host");
}

void claim_message(const Bytes& bytes) {
  if (const auto option = read_pref64_option(bytes)) claim_option(*option);
  if (const auto option = read_resolver_option(bytes)) claim_option(*option);
  const auto options = read_advertised_options(bytes);
  claim(options.size() <= bytes.size() / 16, "no option that is read is shorter than 16 bytes");
  for (const auto& option : options) std::visit([](const auto& one) { claim_option(one); }, option);
}

}  // namespace
}  // namespace ipxlat::test

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ipxlat::Bytes bytes(data, data + size);
  ipxlat::test::hold([&] { ipxlat::test::claim_message(bytes); }, [&] { return ipxlat::test::hex(bytes); });
  return 0;
}
