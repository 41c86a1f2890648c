// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat64_blocks.h"

#include <netinet/icmp6.h>

#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr const char *kAddresses = "addresses", *kBlocks = "blocks";

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp6); }

std::string chain_of(unsigned block) { return "block-" + std::to_string(block); }

// Of what has one public address.
uint8_t group_length(const Nat64Config& config) {
  return static_cast<uint8_t>(config.client_prefix_length - config.port_blocks->bits());
}

// The pool's addresses, as they are written inside, one after the other.
class Addresses {
 public:
  explicit Addresses(const Nat64Config& config) : config_(config) {}

  in6_addr next() {
    while (number_ == size(config_.pool4[pool_])) {
      pool_++;
      number_ = 0;
    }
    return nth_part(config_.pool6[pool_], 128, number_++).address;
  }

 private:
  const Nat64Config& config_;
  size_t pool_ = 0;
  uint64_t number_ = 0;
};

nft::Set addresses(const Nat64Config& config) {
  nft::Set set{nft::KeyType::kAddress6};
  Addresses pool(config);
  const uint8_t length = group_length(config);
  for (const auto& clients : config.port_blocks->clients)
    for (uint64_t i = 0; i < uint64_t{1} << (length - clients.length); i++)
      set.elements.push_back(
          {nft::bytes_of(nth_part(clients, length, i).address), {}, nft::bytes_of(pool.next())});
  return set;
}

nft::Set blocks(const Nat64Config& config) {
  nft::Set set{nft::KeyType::kAddress6};
  for (unsigned i = 0; i < config.port_blocks->per_address; i++)
    set.elements.push_back(
        {nft::bytes_of(nth_part({}, config.client_prefix_length, i).address), {}, {}, chain_of(i)});
  return set;
}

}  // namespace

std::vector<nft::NamedSet> block_sets(const Nat64Config& config) {
  return {{kAddresses, addresses(config), nft::KeyType::kAddress6},
          {kBlocks, blocks(config), nft::KeyType::kVerdict}};
}

std::vector<nft::Chain> block_chains(const Nat64Config& config) {
  const PortBlocks& of = *config.port_blocks;
  std::vector<nft::Chain> chains;
  for (uint16_t i = 0; i < of.per_address; i++) {
    const uint16_t first = of.first_port(i), last = static_cast<uint16_t>(first + of.ports() - 1);
    nft::Chain chain{chain_of(i)};
    chain.rules.push_back(rule()
                              .ip6_source_prefix(group_length(config))
                              .statement(nft::MapLookup{kAddresses})
                              .counter()
                              .statement(nft::SourceNatPorts{first, last})
                              .comment("ports " + std::to_string(first) + " to " + std::to_string(last)));
    chains.push_back(std::move(chain));
  }
  return chains;
}

nft::Rule to_block(const Nat64Config& config) {
  return rule()
      .ip6_source_bits(group_length(config), config.client_prefix_length)
      .statement(nft::MapLookup{kBlocks, true})
      .comment("to the client's block");
}

nft::Rule without_block(const Nat64Config& config) {
  return rule()
      .ip6_saddr_not(config.port_blocks->clients)
      .counter()
      .statement(nft::Reject{ICMP6_DST_UNREACH_ADMIN})
      .comment("none of the clients that have ports");
}

}  // namespace ipxlat
