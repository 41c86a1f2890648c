// SPDX-License-Identifier: GPL-2.0-only
// What addresses are to be written as: RFC 6052 and RFC 7757 bit by bit, with a search through all of the
// map, and the device's rules for the two ends of a packet (docs/ARCHITECTURE.md, section 3).
#ifndef IPXLAT_TESTS_FUZZ_ADDRESS_ORACLE_H
#define IPXLAT_TESTS_FUZZ_ADDRESS_ORACLE_H

#include <optional>

#include "lib/settings.h"
#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

// No packet that is forwarded has such an address.
bool is_special(const in_addr& address);
bool is_special(const in6_addr& address);

// By the rules of RFC 7757 3.2 and of the device.
bool is_allowed(const MapEntry& entry);

// By those of RFC 6052 2.1 and 2.2.
bool is_allowed_remote(const Prefix6& prefix);

// RFC 7757 3.3: an address within the entry's prefix, written in the other one.
in6_addr written6(const MapEntry& entry, const in_addr& address);
in_addr written4(const MapEntry& entry, const in6_addr& address);

class AddressOracle {
 public:
  explicit AddressOracle(const DeviceConfig& config) : config_(config) {}

  // The entry with the longest prefix that matches, or null.
  const MapEntry* entry(const in_addr& address) const;
  const MapEntry* entry(const in6_addr& address) const;

  std::optional<in6_addr> far(const in_addr& address) const;
  std::optional<in_addr> far(const in6_addr& address) const;

  // Near, else far.
  std::optional<in6_addr> either(const in_addr& address) const;
  std::optional<in_addr> either(const in6_addr& address) const;

  // Of a packet that is no ICMP error. Nothing if an end cannot be written.
  std::optional<Ends<in6_addr>> ends(const Ends<in_addr>& in) const;
  std::optional<Ends<in_addr>> ends(const Ends<in6_addr>& in) const;

  // Of the packet that an ICMP error quotes.
  std::optional<Ends<in6_addr>> quoted_ends(const Ends<in_addr>& in) const;
  std::optional<Ends<in_addr>> quoted_ends(const Ends<in6_addr>& in) const { return ends(in); }

  // Whether one of the two is in the map, or there is no map.
  template <class Address>
  bool has_local_end(const Ends<Address>& in) const {
    return config_.map.empty() || entry(in.source) || entry(in.destination);
  }

 private:
  const DeviceConfig& config_;
};

}  // namespace ipxlat::test

#endif
