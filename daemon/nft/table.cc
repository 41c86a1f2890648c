// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/table.h"

namespace ipxlat::nft {

Table with_indices(Table table, const std::function<uint32_t(const std::string&)>& index_of) {
  for (auto& chain : table.chains)
    for (auto& rule : chain.rules)
      for (auto& expression : rule.expressions)
        std::visit(
            [&](auto& one) {
              if constexpr (requires { one.ifindex; }) one.ifindex = index_of(one.device);
            },
            expression);
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
    case KeyType::kEndpoint6:
      return 20;  // each part fills registers of 4 bytes
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
