// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/advertised_prefixes.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ipxlat {

void AdvertisedPrefixes::want(const std::set<uint32_t>& links, Time now) {
  std::erase_if(links_, [&](const auto& link) { return !links.contains(link.first); });
  for (const uint32_t ifindex : links) {
    if (!links_.try_emplace(ifindex, Link{now}).second) continue;
    for (auto& [key, one] : advertised_)
      if (std::get<0>(key) == ifindex) one.until = std::min<Time>(one.until, now + kProof);
  }
}

void AdvertisedPrefixes::take(uint32_t ifindex, const in6_addr& router, const Pref64Option& option,
                              Time now) {
  const auto link = links_.find(ifindex);
  if (link == links_.end()) return;
  Address from;
  std::memcpy(from.data(), &router, from.size());
  const Key key{ifindex, option.prefix, from};
  const Time::duration lifetime = option.lifetime;
  if (lifetime == Time::duration::zero()) {
    advertised_.erase(key);
  } else {
    if (!advertised_.contains(key)) make_room(ifindex);
    advertised_[key] = {now + lifetime, lifetime};
  }
  plan_question(ifindex, link->second, now);
}

void AdvertisedPrefixes::remember(const LearntPrefix& former, Time now) {
  advertised_[{former.ifindex, former.prefix, {}}] = {former.until, former.until - now};
}

// The one that ends first gives way.
void AdvertisedPrefixes::make_room(uint32_t ifindex) {
  size_t count = 0;
  auto first = advertised_.end();
  for (auto one = advertised_.begin(); one != advertised_.end(); ++one) {
    if (std::get<0>(one->first) != ifindex) continue;
    count++;
    if (first == advertised_.end() || one->second.until < first->second.until) first = one;
  }
  if (count >= kMostOfLink) advertised_.erase(first);
}

// After the last advertisement or question.
void AdvertisedPrefixes::plan_question(uint32_t ifindex, Link& link, Time now) {
  std::optional<Time> first;
  for (const auto& [key, one] : advertised_) {
    if (std::get<0>(key) != ifindex) continue;
    const Time::duration before = std::min(one.lifetime / kLastPart, (one.until - now) / 2);
    const Time when = before < kLastQuestion ? one.until : one.until - before;
    first = first ? std::min(*first, when) : when;
  }
  if (first) {
    link = {*first};
    return;
  }
  link.ask_at = now + link.pause;
  link.pause = std::min<Time::duration>(2 * link.pause, kLongestPause);
}

std::vector<uint32_t> AdvertisedPrefixes::pass(Time now) {
  std::erase_if(advertised_, [&](const auto& one) { return one.second.until <= now; });
  std::vector<uint32_t> due;
  for (auto& [ifindex, link] : links_) {
    if (link.ask_at > now) continue;
    due.push_back(ifindex);
    plan_question(ifindex, link, now);
  }
  return due;
}

std::optional<Time> AdvertisedPrefixes::next() const {
  std::optional<Time> first;
  const auto consider = [&](Time when) { first = first ? std::min(*first, when) : when; };
  for (const auto& [key, one] : advertised_) consider(one.until);
  for (const auto& [ifindex, link] : links_) consider(link.ask_at);
  return first;
}

std::vector<LearntPrefix> AdvertisedPrefixes::all() const {
  std::vector<LearntPrefix> prefixes;
  for (const auto& [key, one] : advertised_) {
    const auto& [ifindex, prefix, router] = key;
    // of several routers they follow each other
    if (!prefixes.empty() && prefixes.back().ifindex == ifindex && prefixes.back().prefix == prefix)
      prefixes.back().until = std::max(prefixes.back().until, one.until);
    else
      prefixes.push_back({ifindex, prefix, one.until});
  }
  return prefixes;
}

}  // namespace ipxlat
