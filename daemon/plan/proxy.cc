// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/proxy.h"

#include "daemon/plan/seen.h"
#include "lib/address.h"

namespace ipxlat {

std::string Proxy::key() const { return "proxy ARP for " + to_string(address) + " on " + link; }

std::string Proxy::describe(Action action, const Proxy*) const {
  return (action == Action::kDrop ? "delete " : "add ") + key();
}

std::vector<Found<Proxy>> Proxy::find(const Seen& seen, const MadeResources&) {
  std::vector<Found<Proxy>> found;
  for (const auto& one : seen.proxies) found.push_back({{one.link, one.address}, one.ours});
  return found;
}

}  // namespace ipxlat
