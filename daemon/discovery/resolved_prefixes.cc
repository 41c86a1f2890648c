// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/resolved_prefixes.h"

#include <algorithm>
#include <utility>

namespace ipxlat {

void ResolvedPrefixes::want(const std::map<uint32_t, Search>& links, Time now) {
  for (auto& [ifindex, link] : links_) {
    if (links.contains(ifindex)) continue;
    link.search.reset();
    link.asked = false;
  }
  for (const auto& [ifindex, search] : links) {
    Link& link = links_[ifindex];
    if (link.search == search) continue;
    if (!link.search) {
      link.until = std::min<Time>(link.until, now + kProof);
      link.proven = false;
    }
    link.search = search;
    link.asked = false;
    link.pause = kFirstPause;
    link.ask_at = now + (search.routers_are_heard ? kRoutersFirst : std::chrono::seconds(0));
  }
}

void ResolvedPrefixes::remember(const LearntPrefix& former) {
  Link& link = links_[former.ifindex];
  link.prefixes.push_back(former.prefix);
  link.until = former.until;
}

void ResolvedPrefixes::plan_next_question(Link& link, Time now, Time::duration longest) {
  link.asked = false;
  link.ask_at = now + std::min(link.pause, longest);
  link.pause = std::min<Time::duration>(2 * link.pause, kLongestPause);
}

void ResolvedPrefixes::take(uint32_t ifindex, std::vector<Prefix6> prefixes, std::chrono::seconds lifetime,
                            Time now) {
  const auto place = links_.find(ifindex);
  if (place == links_.end() || !place->second.asked) return;
  Link& link = place->second;
  link.prefixes = std::move(prefixes);
  if (link.prefixes.empty()) return plan_next_question(link, now, kLongestPause);
  lifetime = std::clamp(lifetime, kShortest, kLongest);
  link.asked = false;
  link.pause = kFirstPause;
  link.proven = true;
  link.learnt = now;
  link.until = now + lifetime;
  link.ask_at = link.until - std::min<Time::duration>(kBeforeEnd, lifetime / 2);
}

void ResolvedPrefixes::fail(uint32_t ifindex, Time now) {
  const auto place = links_.find(ifindex);
  if (place == links_.end() || !place->second.asked) return;
  Link& link = place->second;
  plan_next_question(link, now, kLongestSilence);
  // until what comes of the next one is known
  if (link.proven)
    link.until = std::min<Time>(std::max<Time>(link.until, link.ask_at + kProof), link.learnt + kStale);
}

std::vector<uint32_t> ResolvedPrefixes::pass(Time now) {
  for (auto& [ifindex, link] : links_)
    if (link.until <= now && !link.asked) link.prefixes.clear();
  std::erase_if(links_, [](const auto& one) { return !one.second.search && one.second.prefixes.empty(); });
  std::vector<uint32_t> due;
  for (auto& [ifindex, link] : links_) {
    if (!link.search || link.asked || link.ask_at > now) continue;
    link.asked = true;
    due.push_back(ifindex);
  }
  return due;
}

std::optional<Time> ResolvedPrefixes::next() const {
  std::optional<Time> first;
  const auto consider = [&](Time when) { first = first ? std::min(*first, when) : when; };
  for (const auto& [ifindex, link] : links_) {
    if (link.asked) continue;
    if (link.search) consider(link.ask_at);
    if (!link.prefixes.empty()) consider(link.until);
  }
  return first;
}

std::vector<LearntPrefix> ResolvedPrefixes::all() const {
  std::vector<LearntPrefix> all;
  for (const auto& [ifindex, link] : links_)
    for (const auto& prefix : link.prefixes) all.push_back({ifindex, prefix, link.until});
  return all;
}

}  // namespace ipxlat
