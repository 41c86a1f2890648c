// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/advertisements.h"

#include <algorithm>
#include <utility>

namespace ipxlat {
namespace {

// whoever advertises without pause shall not keep the daemon from its work
constexpr int kMostAtOnce = 1000;

}  // namespace

Result<Advertisements> Advertisements::open(Tell tell) {
  auto socket = RouterSocket::open();
  if (!socket) return socket.error();
  return Advertisements(std::move(*socket), std::move(tell));
}

int Advertisements::fd() const { return socket_.fd(); }

// What was lost comes again, since advertisements do.
void Advertisements::take_what_arrived(Time now) {
  for (int i = 0; i < kMostAtOnce; i++) {
    const auto advertisement = socket_.receive();
    if (!advertisement) return;
    take(*advertisement, now);
  }
}

void Advertisements::take(const Advertisement& advertisement, Time now) {
  for (const auto& option : advertisement.options) {
    if (const auto* pref64 = std::get_if<Pref64Option>(&option))
      prefixes_.take(advertisement.ifindex, advertisement.router, *pref64, now);
    if (const auto* resolvers = std::get_if<ResolverOption>(&option))
      resolvers_.take(advertisement.ifindex, *resolvers, now);
  }
}

void Advertisements::ask(const std::vector<uint32_t>& links) {
  for (const uint32_t ifindex : links) {
    const auto asked = socket_.solicit(ifindex);
    tell_(asked ? "" : asked.error().text);
  }
}

void Advertisements::want(const std::set<uint32_t>& links, Time now) {
  const auto listens = socket_.listen(!links.empty());
  unheard_ = listens ? "" : listens.error().text;
  prefixes_.want(links, now);
  resolvers_.want(links);
}

bool Advertisements::read(Knowledge& knowledge, Time now) {
  take_what_arrived(now);
  const auto to_ask = prefixes_.pass(now);
  if (unheard_.empty()) ask(to_ask);
  resolvers_.pass(now);
  auto prefixes = prefixes_.all();
  auto resolvers = resolvers_.all();
  const bool news =
      prefixes != knowledge.advertised || resolvers != knowledge.resolvers || unheard_ != knowledge.unheard;
  knowledge.advertised = std::move(prefixes);
  knowledge.resolvers = std::move(resolvers);
  knowledge.unheard = unheard_;
  return news;
}

std::optional<Time> Advertisements::deadline() const {
  const auto prefixes = prefixes_.next(), resolvers = resolvers_.next();
  return prefixes && resolvers ? std::min(*prefixes, *resolvers) : prefixes ? prefixes : resolvers;
}

}  // namespace ipxlat
