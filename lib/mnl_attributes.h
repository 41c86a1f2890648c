// SPDX-License-Identifier: GPL-2.0-only
// Netlink attributes of one level by type, as libmnl reads them. Null are those that are not there.
#ifndef IPXLAT_LIB_MNL_ATTRIBUTES_H
#define IPXLAT_LIB_MNL_ATTRIBUTES_H

#include <libmnl/libmnl.h>

#include <array>
#include <cstdint>

namespace ipxlat {

// Of types up to kMost.
template <size_t kMost>
using MnlAttributes = std::array<const nlattr*, kMost + 1>;

template <size_t kMost>
int take_mnl_attribute(const nlattr* attribute, void* into) {
  const uint16_t type = mnl_attr_get_type(attribute);
  if (type <= kMost) (*static_cast<MnlAttributes<kMost>*>(into))[type] = attribute;
  return MNL_CB_OK;
}

// Behind a header of `offset` bytes.
template <size_t kMost>
MnlAttributes<kMost> mnl_attributes(const nlmsghdr* message, size_t offset) {
  MnlAttributes<kMost> all{};
  mnl_attr_parse(message, static_cast<unsigned>(offset), take_mnl_attribute<kMost>, &all);
  return all;
}

// In `length` bytes without a header.
template <size_t kMost>
MnlAttributes<kMost> mnl_attributes_in(const void* payload, size_t length) {
  MnlAttributes<kMost> all{};
  mnl_attr_parse_payload(payload, length, take_mnl_attribute<kMost>, &all);
  return all;
}

// Of a nest, which may be null.
template <size_t kMost>
MnlAttributes<kMost> mnl_nested(const nlattr* nest) {
  MnlAttributes<kMost> all{};
  if (nest) mnl_attr_parse_nested(nest, take_mnl_attribute<kMost>, &all);
  return all;
}

}  // namespace ipxlat

#endif
