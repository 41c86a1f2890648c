// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/interests.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ipxlat {

Interests::Range Interests::range_of(const Network& network) {
  Range range{};
  range.first[0] = range.last[0] = is_ipv6(network);
  const auto copy = [&](const auto& prefix) {
    const auto first = masked(prefix).address;
    const auto last = last_address(masked(prefix));
    std::memcpy(&range.first[1], &first, sizeof first);
    std::memcpy(&range.last[1], &last, sizeof last);
  };
  std::visit(copy, network);
  return range;
}

void Interests::add(const Network& network) {
  auto [first, last] = range_of(network);
  // two networks that overlap are one within the other
  auto next = ranges_.upper_bound(first);
  if (next != ranges_.begin() && std::prev(next)->second >= last) return;
  while (next != ranges_.end() && next->first <= last) next = ranges_.erase(next);
  ranges_[first] = last;
}

bool Interests::touch(const Network& network) const {
  if (is_default(network)) return true;
  const auto [first, last] = range_of(network);
  const auto next = ranges_.upper_bound(last);
  return next != ranges_.begin() && std::prev(next)->second >= first;
}

}  // namespace ipxlat
