// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/address.h"

#include "daemon/plan/seen.h"

namespace ipxlat {

std::string Address::key() const { return kKind + to_string(network) + " on " + link; }

std::string Address::describe(Action action, const Address*) const {
  return (action == Action::kDrop ? "delete " : "add ") + key();
}

std::vector<Found<Address>> Address::find(const Seen& seen, const MadeResources&) {
  std::vector<Found<Address>> found;
  for (const auto& one : seen.addresses) found.push_back({{one.link, one.network}, one.ours});
  return found;
}

}  // namespace ipxlat
