// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat64_forward.h"

#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

// Of the pool, as is written inside; in masquerade mode its last address stands for those of the uplinks.
in_addr inside4(const Nat64Config& config, const Publication& service) {
  return service.address.value_or(last_address(config.pool4.back()));
}

in6_addr inside6(const Nat64Config& config, const Publication& service) {
  const in_addr four = inside4(config, service);
  for (size_t i = 0; i < config.pool4.size(); i++) {
    if (!contains(config.pool4[i], four)) continue;
    return nth_part(config.pool6[i], 128, ntohl(four.s_addr) - ntohl(config.pool4[i].address.s_addr)).address;
  }
  return {};
}

std::optional<uint16_t> if_any(uint16_t port) { return port ? std::optional(port) : std::nullopt; }

uint8_t protocol6(const Publication& service) {
  return service.protocol == IPPROTO_ICMP ? uint8_t{IPPROTO_ICMPV6} : service.protocol;
}

}  // namespace

std::vector<nft::Rule> forward_to_servers(const Nat64Config& config) {
  std::vector<nft::Rule> rules;
  for (const auto& service : config.forward) {
    nft::RuleBuilder match(nft::Family::kIp6);
    match.ip6_daddr({host(inside6(config, service))}).l4proto(protocol6(service));
    if (service.port) match.destination_port(service.port);
    rules.push_back(
        match.counter()
            .statement(nft::TranslateTo{false, nft::bytes_of(service.to), if_any(service.to_port)})
            .comment(service.outside() + " is a service of " + to_string(service.to)));
  }
  return rules;
}

std::vector<nft::Rule> forward_from_servers(const Nat64Config& config) {
  std::vector<nft::Rule> rules;
  for (const auto& service : config.forward) {
    if (!service.port) continue;
    nft::RuleBuilder match(nft::Family::kIp6);
    match.ip6_saddr({host(service.to)}).l4proto(service.protocol).source_port(service.to_port);
    rules.push_back(
        match.counter()
            .statement(nft::TranslateTo{true, nft::bytes_of(inside6(config, service)), service.port})
            .comment("what the server itself sends from " + service.outside()));
  }
  return rules;
}

std::vector<nft::Rule> forward_to_inside(const Nat64Config& config) {
  std::vector<nft::Rule> rules;
  for (const auto& service : config.forward) {
    nft::RuleBuilder match(nft::Family::kIp4);
    match.l4proto(service.protocol);
    if (service.port) match.destination_port(service.port);
    rules.push_back(match.counter()
                        .statement(nft::TranslateTo{false, nft::bytes_of(inside4(config, service))})
                        .comment(service.outside() + ", as written inside"));
  }
  return rules;
}

}  // namespace ipxlat
