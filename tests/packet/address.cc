// SPDX-License-Identifier: GPL-2.0-only
#include "lib/address.h"

#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

template <class Address>
Bytes bytes_of(const Address& address) {
  const auto* begin = reinterpret_cast<const uint8_t*>(&address);
  return {begin, begin + sizeof address};
}

Bytes host_address(Words& words, const std::string& name, const Host& host, Family family) {
  if (family == Family::kIpv4 && host.address4) return bytes_of(*host.address4);
  if (family == Family::kIpv6 && host.address6) return bytes_of(*host.address6);
  words.fail("the host " + name + " has no " + (family == Family::kIpv4 ? "IPv4" : "IPv6") + " address");
}

}  // namespace

Bytes read_address(Words& words, const Hosts& hosts, Family family) {
  std::string word = words.next("a host or an address");
  if (auto host = hosts.find(word); host != hosts.end())
    return host_address(words, word, host->second, family);
  try {
    return family == Family::kIpv4 ? bytes_of(parse_address4(word)) : bytes_of(parse_address6(word));
  } catch (const std::invalid_argument& error) {
    words.fail(std::string(error.what()) + ", nor a host");
  }
}

}  // namespace ipxlat::test
