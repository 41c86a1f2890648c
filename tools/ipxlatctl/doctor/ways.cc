// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/doctor/ways.h"

#include <netinet/in.h>

namespace ipxlat::ctl::doctor {
namespace {

constexpr uint8_t kUnreachable4 = 3;  // "fragmentation needed" is a code of it
constexpr uint8_t kTooBig6 = 2;

class Ways {
 public:
  Ways(const Translator& translator, const Observed& observed)
      : translator_(translator), observed_(observed) {
    if (!translator.near4.empty()) near_ = translator.near4.front();
    if (translator.pref64) far_ = *translator.pref64;
  }

  // What is routed through: from the clients to the servers and back.
  void add_forwarded() {
    const auto device = interface(translator_.device);
    for (const auto& down : interfaces(translator_.downlinks)) {
      add({Hook::kForward, true, down, device, state6(kNew), IPPROTO_TCP, {}, {}, far_},
          "new IPv6 connections");
      add({Hook::kForward, true, device, down, state6(kEstablished), IPPROTO_TCP, {}, far_, {}},
          "IPv6 replies");
      add({Hook::kForward, true, down, device, state6(kRelated), IPPROTO_ICMPV6, kTooBig6, {}, far_},
          "ICMPv6 Packet Too Big");
    }
    for (const auto& up : interfaces(translator_.uplinks)) {
      add({Hook::kForward, false, device, up, state4(kNew), IPPROTO_TCP, {}, near_, {}},
          "new IPv4 connections");
      add({Hook::kForward, false, up, device, state4(kEstablished), IPPROTO_TCP, {}, {}, near_},
          "IPv4 replies");
      add({Hook::kForward, false, up, device, state4(kRelated), IPPROTO_ICMP, kUnreachable4, {}, near_},
          "ICMP errors, of which path MTU discovery lives,");
    }
  }

  // What this host sends and receives itself.
  void add_local() {
    const auto device = interface(translator_.device);
    add({Hook::kOutput, false, {}, device, kNew, IPPROTO_TCP, {}, near_, {}}, "new IPv4 connections");
    add({Hook::kInput, false, device, {}, kEstablished, IPPROTO_TCP, {}, {}, near_}, "IPv4 replies");
    add({Hook::kInput, false, device, {}, kRelated, IPPROTO_ICMP, kUnreachable4, {}, near_},
        "ICMP errors, of which path MTU discovery lives,");
    for (const auto& up : interfaces(translator_.uplinks)) {
      add({Hook::kOutput, true, {}, up, state6(kNew), IPPROTO_TCP, {}, {}, far_}, "translated connections");
      if (translator_.tracked6)
        add({Hook::kPrerouting, true, up, {}, kEstablished, IPPROTO_TCP, {}, far_, {}},
            "IPv6 replies to be translated");
    }
    // a copy of them is sent into the device; to an address of its own they come past all chains
    if (translator_.tracked6)
      add({Hook::kOutput, true, {}, device, kUntracked, IPPROTO_TCP, {}, far_, {}},
          "IPv6 replies to be translated");
  }

  std::vector<Way> take() { return std::move(ways_); }

 private:
  std::optional<Interface> interface(const std::string& name) const {
    auto link = observed_.links.find(name);
    return Interface{name, link == observed_.links.end() ? 0 : link->second.index};
  }
  // One that stands for any, if there are none.
  std::vector<std::optional<Interface>> interfaces(const std::vector<std::string>& names) const {
    std::vector<std::optional<Interface>> all;
    for (const auto& name : names) all.push_back(interface(name));
    if (all.empty()) all.emplace_back();
    return all;
  }
  CtState state4(CtState state) const { return translator_.tracked4 ? state : kUntracked; }
  CtState state6(CtState state) const { return translator_.tracked6 ? state : kUntracked; }

  void add(Packet packet, std::string what) {
    if (packet.in) what += " from " + packet.in->name;
    if (packet.out) what += " to " + packet.out->name;
    ways_.push_back({std::move(what), std::move(packet)});
  }

  const Translator& translator_;
  const Observed& observed_;
  std::optional<Network> near_;
  std::optional<Network> far_;
  std::vector<Way> ways_;
};

}  // namespace

std::vector<Way> ways_of(const Translator& translator, const Observed& observed) {
  Ways ways(translator, observed);
  auto link = observed.links.find(translator.device);
  bool host = translator.kind.empty() && link != observed.links.end() && link->second.address4;
  if (translator.kind == "clat" || host)
    ways.add_local();
  else
    ways.add_forwarded();
  return ways.take();
}

}  // namespace ipxlat::ctl::doctor
