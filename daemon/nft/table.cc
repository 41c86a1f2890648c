// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/table.h"

#include <cstring>

namespace ipxlat::nft {

bool Chain::operator==(const Chain& other) const {
  return name == other.name && std::strcmp(type, other.type) == 0 && hook == other.hook &&
         priority == other.priority && rules == other.rules && drops == other.drops &&
         devices == other.devices;
}

Table with_indices(Table table, const std::function<uint32_t(const std::string&)>& index_of) {
  for (auto& chain : table.chains)
    for (auto& rule : chain.rules)
      for (auto& expression : rule.expressions)
        if (auto* duplicate = std::get_if<Duplicate6>(&expression))
          duplicate->ifindex = index_of(duplicate->device);
        else if (auto* forward = std::get_if<Forward>(&expression))
          forward->ifindex = index_of(forward->device);
  return table;
}

uint32_t length(KeyType type) {
  switch (type) {
    case KeyType::kAddress4:
    case KeyType::kMark:
      return 4;
    case KeyType::kAddress6:
    case KeyType::kInterface:
      return 16;
    case KeyType::kProtocol:
      return 1;
    case KeyType::kPort:
      return 2;
    case KeyType::kVerdict:
      break;
  }
  return 0;
}

}  // namespace ipxlat::nft
