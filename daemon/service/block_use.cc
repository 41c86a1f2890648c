// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/block_use.h"

#include <arpa/inet.h>

#include "lib/networks.h"

namespace ipxlat {
namespace {

bool is_nth(const std::vector<Prefix4>& pool, uint64_t number, const in_addr& address) {
  for (const auto& range : pool) {
    if (number < size(range)) return ntohl(range.address.s_addr) + number == ntohl(address.s_addr);
    number -= size(range);
  }
  return false;
}

}  // namespace

std::optional<UsedBlock> BlockUse::first_use(const Session& session) {
  const Prefix6 client = masked(Prefix6{session.client.address, client_length_});
  const auto place = blocks_.place(client);
  const Endpoint4& outside = session.between.inside;
  if (!place || !is_nth(pool_, place->address, outside.address)) return {};
  const uint16_t first = blocks_.first_port(place->block);
  const auto last = static_cast<uint16_t>(first + blocks_.ports() - 1);
  if (outside.port < first || outside.port > last) return {};
  if (!used_.insert(client).second) return {};
  return UsedBlock{client, outside.address, first, last};
}

}  // namespace ipxlat
