// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/advertised_resolvers.h"

#include <algorithm>

namespace ipxlat {
namespace {

constexpr std::chrono::seconds kWithoutEnd{0xffffffff};

}  // namespace

void AdvertisedResolvers::want(const std::set<uint32_t>& links) {
  links_ = links;
  std::erase_if(named_, [&](const Named& one) { return !links_.contains(one.resolver.ifindex); });
}

void AdvertisedResolvers::take(uint32_t ifindex, const ResolverOption& option, Time now) {
  if (!links_.contains(ifindex)) return;
  for (const auto& address : option.addresses) {
    const LearntResolver resolver{ifindex, address};
    std::erase_if(named_, [&](const Named& one) {
      return option.lifetime == std::chrono::seconds(0) && one.resolver == resolver;
    });
    if (option.lifetime == std::chrono::seconds(0)) continue;
    const auto until =
        option.lifetime == kWithoutEnd ? std::nullopt : std::optional<Time>(now + option.lifetime);
    const auto known = std::ranges::find(named_, resolver, &Named::resolver);
    const auto of_link = [&](const Named& one) { return one.resolver.ifindex == ifindex; };
    if (known != named_.end())
      known->until = until;
    else if (static_cast<size_t>(std::ranges::count_if(named_, of_link)) < kMostOfLink)
      named_.push_back({resolver, until});
  }
}

void AdvertisedResolvers::pass(Time now) {
  std::erase_if(named_, [&](const Named& one) { return one.until && *one.until <= now; });
}

std::optional<Time> AdvertisedResolvers::next() const {
  std::optional<Time> first;
  for (const auto& one : named_)
    if (one.until) first = first ? std::min(*first, *one.until) : *one.until;
  return first;
}

std::vector<LearntResolver> AdvertisedResolvers::all() const {
  std::vector<LearntResolver> all;
  for (const auto& one : named_) all.push_back(one.resolver);
  return all;
}

}  // namespace ipxlat
