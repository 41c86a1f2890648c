// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/step.h"

#include <algorithm>

namespace ipxlat {
namespace {

std::string text(const Route& route) {
  std::string words = route.type == RouteType::kBlackhole ? "blackhole " : "route ";
  words += to_string(route.destination);
  if (!route.link.empty()) words += " dev " + route.link;
  if (route.metric) words += " metric " + std::to_string(route.metric);
  if (route.mtu) words += " mtu " + std::to_string(route.mtu);
  return words;
}

std::string text(const Address& address) {
  return "address " + to_string(address.network) + " on " + address.link;
}

std::string text(const Proxy& proxy) {
  return "proxy ARP for " + to_string(proxy.address) + " on " + proxy.link;
}

std::string text(const Change& change) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : ", ") + word; };
  if (change.remote_prefix6) add("remote-prefix6 " + to_string(*change.remote_prefix6));
  if (change.unset_remote_prefix6) add("no remote-prefix6");
  if (change.lowest_ipv6_mtu) add("lowest-ipv6-mtu " + std::to_string(*change.lowest_ipv6_mtu));
  if (change.icmp_source4) add("icmp-source4 " + to_string(*change.icmp_source4));
  if (change.udp_zero_checksum) add("udp-zero-checksum " + to_string(*change.udp_zero_checksum));
  if (change.map_flush) add("an empty map");
  const auto entries = [&](const char* verb, const std::vector<MapEntry>& map) {
    if (map.size() == 1) add(verb + (" local-map " + to_string(map.front())));
    if (map.size() > 1) add(std::string(verb) + " " + std::to_string(map.size()) + " local-map entries");
  };
  entries("without", change.map_del);
  entries("with", change.map_add);
  return words;
}

std::string text(const nft::Table& table) {
  size_t rules = 0;
  for (const auto& chain : table.chains) rules += chain.rules.size();
  return std::string(table.family == nft::Family::kInet ? "inet " : "ip6 ") + table.name + " with " +
         std::to_string(rules) + " rules";
}

struct Describe {
  std::string operator()(const CreateDevice& s) const { return "create device " + s.name; }
  std::string operator()(const SetDeviceAlias& s) const { return "mark device " + s.name + " as " + s.alias; }
  std::string operator()(const DeleteDevice& s) const { return "delete device " + s.name; }
  std::string operator()(const ConfigureDevice& s) const {
    return "configure device " + s.name + ": " + text(s.change);
  }
  std::string operator()(const SetDeviceMtu& s) const {
    return "set the MTU of device " + s.name + " to " + std::to_string(s.mtu);
  }
  std::string operator()(const SetDeviceUp& s) const { return "set device " + s.name + " up"; }
  std::string operator()(const AddAddress& s) const { return "add " + text(s.address); }
  std::string operator()(const DeleteAddress& s) const { return "delete " + text(s.address); }
  std::string operator()(const AddRoute& s) const { return "add " + text(s.route); }
  std::string operator()(const DeleteRoute& s) const { return "delete " + text(s.route); }
  std::string operator()(const AddProxy& s) const { return "add " + text(s.proxy); }
  std::string operator()(const DeleteProxy& s) const { return "delete " + text(s.proxy); }
  std::string operator()(const ReplaceTable& s) const { return "write nftables table " + text(s.table); }
  std::string operator()(const DeleteTable& s) const { return "delete nftables table " + s.name; }
  std::string operator()(const SetSysctl& s) const {
    return "set " + sysctl_name(s.path) + " from " + s.former + " to " + s.value;
  }
  std::string operator()(const RestoreSysctl& s) const {
    if (!s.untouched) return "leave " + sysctl_name(s.path) + ", which somebody else has set since";
    return "put " + sysctl_name(s.path) + " back to " + s.former;
  }
};

}  // namespace

std::string describe(const Step& step) { return std::visit(Describe{}, step); }

std::string sysctl_name(const std::string& path) {
  std::string name = path;
  // sysctl(8): a dot within the name of an interface is written as a slash
  for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return name;
}

}  // namespace ipxlat
