// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat64_mappings.h"

#include <netinet/in.h>

#include "daemon/nft/rule_builder.h"

namespace ipxlat {
namespace {

constexpr const char *kUdp = "mappings-udp", *kTcp = "mappings-tcp", *kKeep = "keep";

// A mapping is kept by a client's new flows alone: what is offloaded asks no rule. As long as a connection
// without a word may last; the port is in a block of the client's own all that time.
constexpr std::chrono::seconds kLife{7440};
constexpr uint32_t kMost = 1000000;

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp6); }

nft::NamedSet mappings(const char* name) {
  return {name, {nft::KeyType::kEndpoint6}, nft::KeyType::kEndpoint6, true, kMost, kLife};
}

}  // namespace

std::vector<nft::NamedSet> mapping_sets() { return {mappings(kUdp), mappings(kTcp)}; }

std::vector<nft::Chain> mapping_chains(const std::string& device, uint32_t ifindex) {
  nft::Chain keep{kKeep};
  keep.rules = {rule().l4proto(IPPROTO_UDP).statement(nft::KeepMapping{kUdp}).comment("whose port it is"),
                rule().l4proto(IPPROTO_TCP).statement(nft::KeepMapping{kTcp}).comment("whose port it is")};
  nft::Chain mappings{"mappings", "filter", nft::Hook::kPostrouting, nft::kBehindSourceNat};
  mappings.rules = {rule()
                        .oif(device, ifindex)
                        .ct_not_established()
                        .statement(nft::Goto{kKeep})
                        .comment("into the device, as its source has become")};
  return {std::move(keep), std::move(mappings)};
}

std::vector<nft::Rule> mappings_to_clients() {
  return {rule().l4proto(IPPROTO_UDP).statement(nft::TranslateBack{kUdp}).comment("to whom the port is"),
          rule().tcp_syn().statement(nft::TranslateBack{kTcp}).comment("to whom the port is")};
}

}  // namespace ipxlat
