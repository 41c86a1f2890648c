// SPDX-License-Identifier: GPL-2.0-only
// Rules in words, for tests of tables.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_RULE_WORDS_H
#define IPXLAT_TESTS_UNIT_DAEMON_RULE_WORDS_H

#include <net/if.h>

#include <cstring>
#include <string>
#include <vector>

#include "daemon/nft/table.h"
#include "lib/address.h"

namespace ipxlat::nft {

inline std::string hex(const Bytes& bytes) {
  std::string text;
  for (uint8_t byte : bytes)
    text += std::string(1, "0123456789abcdef"[byte >> 4]) + "0123456789abcdef"[byte & 15];
  return text;
}

// An expression in the manner of "nft --debug=netlink", shortened.
struct Words {
  std::string operator()(const Meta& e) const { return "meta " + std::to_string(e.key); }
  std::string operator()(const Conntrack& e) const { return "ct " + std::to_string(e.key); }
  std::string operator()(const ByInterface& e) const {
    return (e.in ? "iif " : "oif ") + e.device + "/" + std::to_string(e.ifindex);
  }
  std::string operator()(const Payload& e) const {
    return "payload " + std::to_string(e.base) + " " + std::to_string(e.offset) + "+" +
           std::to_string(e.length);
  }
  std::string operator()(const Bitwise& e) const { return "and " + hex(e.mask); }
  std::string operator()(const Compare& e) const {
    static constexpr const char* kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
    return kSigns[static_cast<unsigned>(e.comparison)] + (" " + hex(e.value));
  }
  std::string operator()(const Lookup& e) const {
    std::string text = e.inverted ? "not in" : "in";
    for (const auto& element : e.set.elements) {
      text += " " + hex(element.begin);
      if (e.set.intervals) text += "-" + hex(element.end);
    }
    return text;
  }
  std::string operator()(const HashOfSource6& e) const { return "hash mod " + std::to_string(e.modulus); }
  std::string operator()(const SocketTransparent&) const { return "socket transparent"; }
  std::string operator()(const NamedLookup& e) const { return (e.inverted ? "not in @" : "in @") + e.set; }
  std::string operator()(const MapLookup& e) const { return "map @" + e.map; }
  std::string operator()(const AddToSet& e) const {
    return "add @" + e.set + (e.flows_most ? " more than " + std::to_string(*e.flows_most) + " flows" : "") +
           (e.rate_most ? " more than " + std::to_string(*e.rate_most) + " a second" : "");
  }
  std::string operator()(const Counter&) const { return "counter"; }
  std::string operator()(const Refer& e) const { return "refer to " + e.object; }
  std::string operator()(const Accept&) const { return "accept"; }
  std::string operator()(const Jump& e) const { return "jump " + e.chain; }
  std::string operator()(const Goto& e) const { return "goto " + e.chain; }
  std::string operator()(const Forward& e) const {
    return "fwd " + e.device + "/" + std::to_string(e.ifindex);
  }
  std::string operator()(const RestoreMark&) const { return "restore mark"; }
  std::string operator()(const OffloadFlow& e) const { return "flow add @" + e.flowtable; }
  std::string operator()(const Drop&) const { return "drop"; }
  std::string operator()(const Notrack&) const { return "notrack"; }
  std::string operator()(const Reject& e) const { return "reject " + std::to_string(e.code); }
  std::string operator()(const RejectReset&) const { return "reject with a reset"; }
  std::string operator()(const Masquerade&) const { return "masquerade"; }
  std::string operator()(const SourceNat6& e) const {
    return "snat " + to_string(e.first) + "-" + to_string(e.last);
  }
  std::string operator()(const SourceNatPorts& e) const {
    return "snat ports " + std::to_string(e.first) + "-" + std::to_string(e.last);
  }
  std::string operator()(const KeepMapping& e) const { return "keep in @" + e.map; }
  std::string operator()(const TranslateBack& e) const { return "back by @" + e.map; }
  std::string operator()(const TranslateTo& e) const {
    return (e.source ? "from " : "to ") + hex(e.address) + (e.port ? ":" + std::to_string(*e.port) : "");
  }
  std::string operator()(const Duplicate6& e) const {
    return "dup " + to_string(e.to) + " " + e.device + "/" + std::to_string(e.ifindex);
  }
  std::string operator()(const ClampMss& e) const {
    return "clamp" + (e.bytes ? " " + std::to_string(*e.bytes) : "");
  }
};

// what the kernel loads as a number has this machine's byte order
inline std::string number(uint32_t value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return hex(bytes);
}

inline std::vector<std::string> words(const Rule& rule) {
  std::vector<std::string> all;
  for (const auto& expression : rule.expressions) all.push_back(std::visit(Words{}, expression));
  return all;
}

inline std::string padded(const std::string& name) {
  Bytes bytes(name.begin(), name.end());
  bytes.resize(IFNAMSIZ);
  return hex(bytes);
}

inline const Rule* find(const Table& table, const std::string& chain, const std::string& comment) {
  for (const auto& one : table.chains)
    for (const auto& rule : one.rules)
      if (one.name == chain && rule.comment.find(comment) != std::string::npos) return &rule;
  return nullptr;
}

inline std::vector<std::string> rule_words(const Table& table, const std::string& chain,
                                           const std::string& comment) {
  const Rule* rule = find(table, chain, comment);
  return rule ? words(*rule) : std::vector<std::string>{"no such rule"};
}

// meta keys of <linux/netfilter/nf_tables.h>
inline constexpr const char *kIif = "meta 6", *kOif = "meta 7", *kFamily = "meta 15", *kProtocol = "meta 16",
                            *kPacketType = "meta 19";
// and its keys of connection tracking
inline constexpr const char* kState = "ct 0";
using Lines = std::vector<std::string>;

}  // namespace ipxlat::nft

#endif
