// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/conntrack/filter.h"

#include <algorithm>
#include <utility>

namespace ipxlat::conntrack {
namespace {

// False for networks of two families.
bool holds(const Network& outer, const Network& inner) {
  if (is_ipv6(outer) != is_ipv6(inner)) return false;
  if (is_ipv6(outer)) return covers(std::get<Prefix6>(outer), std::get<Prefix6>(inner));
  return covers(std::get<Prefix4>(outer), std::get<Prefix4>(inner));
}

bool holds(const std::vector<Network>& outer, const Network& inner) {
  return std::any_of(outer.begin(), outer.end(), [&](const Network& one) { return holds(one, inner); });
}

std::string list(const char* before, const std::vector<Network>& networks) {
  std::string words;
  for (const auto& network : networks) words += std::exchange(before, ", ") + to_string(network);
  return words;
}

}  // namespace

bool matches(const Filter& filter, const Entry& entry) {
  if (filter.source && !holds(*filter.source, entry.source)) return false;
  if (filter.destination && !holds(*filter.destination, entry.destination)) return false;
  if (filter.zone && *filter.zone != entry.zone) return false;
  const bool meant = filter.translated_to.empty() || holds(filter.translated_to, entry.destination);
  return holds(filter.translated_as, entry.translated) != meant;
}

std::string describe(const Filter& filter) {
  std::string words;
  if (filter.source) words += " from " + to_string(*filter.source);
  if (filter.destination) words += " to " + to_string(*filter.destination);
  if (filter.zone) words += " in zone " + std::to_string(*filter.zone);
  words += list(" to ", filter.translated_to) + list(" but as ", filter.translated_as);
  if (!filter.translated_to.empty()) words += ", and elsewhere as that";
  return words.empty() ? "all" : words.substr(1);
}

}  // namespace ipxlat::conntrack
