// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/interests.h"

namespace ipxlat {

Interests interests_of(const Config& config, const Knowledge& knowledge) {
  Interests interests;
  const auto add_all = [&](const auto& networks) {
    for (const auto& network : networks) interests.add(network);
  };
  for (const auto& one : config.nat64) {
    interests.add(*one.settings.remote_prefix6);
    add_all(one.pool4);
    add_all(one.pool6);
    add_all(one.allow_private);
  }
  for (const auto& one : config.clat) {
    if (one.pref64) interests.add(*one.pref64);
    for (const auto* learnt : {&knowledge.advertised, &knowledge.resolved})
      for (const auto& prefix : *learnt)
        if (!one.pref64) interests.add(prefix.prefix);
    interests.add(parse_prefix4("192.0.0.0/29"));
    if (const auto* prefix = std::get_if<Prefix6>(&one.address6)) interests.add(*prefix);
    if (const auto* address = std::get_if<in6_addr>(&one.address6)) interests.add(host(*address));
    if (one.local4) interests.add(*one.local4);
  }
  for (const auto& one : config.siit) {
    if (one.settings.remote_prefix6) interests.add(*one.settings.remote_prefix6);
    for (const auto& entry : one.map) {
      interests.add(entry.prefix4);
      interests.add(entry.prefix6);
    }
  }
  for (const auto& one : config.nat46) {
    interests.add(*one.settings.remote_prefix6);
    interests.add(one.inside4);
    for (const auto& service : one.forward) interests.add(host(*service.address));
  }
  return interests;
}

}  // namespace ipxlat
