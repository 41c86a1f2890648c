// SPDX-License-Identifier: GPL-2.0-only
// A kernel that keeps what it is told to have.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_FAKE_KERNEL_H
#define IPXLAT_TESTS_UNIT_DAEMON_FAKE_KERNEL_H

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/kernel/kernel.h"
#include "lib/owner.h"

namespace ipxlat {

class FakeKernel final : public Kernel {
 public:
  FakeKernel() {
    add_link("lo", 65536);
    seen.sysctls = {{"net/ipv4/ip_forward", "0"}, {"net/ipv6/conf/all/forwarding", "0"}};
  }

  void add_link(const std::string& name, uint32_t mtu = 1500) {
    SeenLink link;
    link.ifindex = ++last_ifindex_;
    link.name = name;
    link.up = link.carrier = true;
    link.mtu = mtu;
    seen.links.push_back(link);
    seen.sysctls["net/ipv6/conf/" + name + "/accept_ra"] = "0";
    seen.sysctls["net/ipv6/conf/" + name + "/mtu"] = std::to_string(mtu);
  }

  SeenAddress& add_address(const std::string& link, const Network& network) {
    SeenAddress address;
    address.link = link;
    address.network = network;
    seen.addresses.push_back(address);
    return seen.addresses.back();
  }

  void add_route(const Network& destination, const std::string& link, uint32_t metric = 0) {
    SeenRoute route;
    route.destination = destination;
    route.link = link;
    route.metric = metric;
    seen.routes.push_back(route);
  }

  Result<Seen> read(const std::vector<std::string>&) override { return seen; }

  // The step whose words begin with `refuse` is refused.
  Result<void> apply(const Step& step) override {
    const std::string words = describe(step);
    if (!refuse.empty() && words.starts_with(refuse)) return NetlinkError{EINVAL, "cannot " + words + ": no"};
    steps.push_back(words);
    std::visit([this](const auto& one) { take(one); }, step);
    return {};
  }

  // What was applied since the last call.
  std::vector<std::string> take_steps() { return std::exchange(steps, {}); }

  // Everything with an owner's mark, and the sysctls, in words.
  std::vector<std::string> made() const {
    std::vector<std::string> all;
    for (const auto& link : seen.links)
      if (link.ours()) all.push_back("device " + link.name + " " + link.alias);
    for (const auto& one : seen.addresses)
      if (one.ours) all.push_back("address " + to_string(one.network) + " " + one.link);
    for (const auto& one : seen.routes)
      if (one.ours) all.push_back("route " + to_string(one.destination) + " " + one.link);
    for (const auto& one : seen.proxies) all.push_back("proxy " + to_string(one.address) + " " + one.link);
    for (const auto& one : seen.tables) all.push_back("table " + one.name + " " + one.comment);
    for (const auto& [path, value] : seen.sysctls) all.push_back(path + " " + value);
    std::sort(all.begin(), all.end());
    return all;
  }

  Seen seen;
  std::vector<std::string> steps;
  std::string refuse;

 private:
  SeenLink& link(const std::string& name) {
    return *std::find_if(seen.links.begin(), seen.links.end(), [&](const auto& l) { return l.name == name; });
  }

  void take(const CreateDevice& s) {
    add_link(s.name);
    SeenLink& made = seen.links.back();
    made.kind = "ipxlat";
    made.alias = s.alias;
    made.up = false;
    made.config = DeviceConfig{};
  }
  void take(const SetDeviceAlias& s) { link(s.name).alias = s.alias; }
  void take(const SetDeviceMtu& s) { link(s.name).mtu = s.mtu; }
  void take(const SetDeviceUp& s) { link(s.name).up = true; }
  void take(const ConfigureDevice& s) { apply_change(*link(s.name).config, s.change); }
  void take(const DeleteDevice& s) {
    std::erase_if(seen.links, [&](const auto& l) { return l.name == s.name; });
    std::erase_if(seen.routes, [&](const auto& r) { return r.link == s.name; });
    std::erase_if(seen.addresses, [&](const auto& a) { return a.link == s.name; });
    seen.sysctls.erase("net/ipv6/conf/" + s.name + "/accept_ra");
    seen.sysctls.erase("net/ipv6/conf/" + s.name + "/mtu");
  }
  void take(const AddAddress& s) { add_address(s.address.link, s.address.network).ours = true; }
  void take(const DeleteAddress& s) {
    std::erase_if(seen.addresses, [&](const auto& a) {
      return a.ours && a.link == s.address.link && a.network == s.address.network;
    });
  }
  void take(const AddRoute& s) {
    SeenRoute route{s.route.destination, s.route.type, s.route.link, s.route.metric,
                    s.route.mtu,         true,         false};
    seen.routes.push_back(route);
  }
  void take(const DeleteRoute& s) {
    std::erase_if(seen.routes, [&](const auto& r) {
      return r.ours && r.destination == s.route.destination && r.link == s.route.link;
    });
  }
  void take(const AddProxy& s) { seen.proxies.push_back({s.proxy.link, s.proxy.address, true}); }
  void take(const DeleteProxy& s) {
    std::erase_if(seen.proxies, [&](const auto& p) { return p.address.s_addr == s.proxy.address.s_addr; });
  }
  void take(const ReplaceTable& s) {
    nft::Table table = s.table;
    for (auto& chain : table.chains)
      for (auto& rule : chain.rules)
        for (auto& expression : rule.expressions)
          if (auto* duplicate = std::get_if<nft::Duplicate6>(&expression))
            duplicate->ifindex = link(duplicate->device).ifindex;
    take(DeleteTable{table.family, table.name});
    seen.tables.push_back(nft::summary(table));
  }
  void take(const DeleteTable& s) {
    std::erase_if(seen.tables, [&](const auto& t) { return t.name == s.name && t.family == s.family; });
  }
  void take(const SetSysctl& s) { seen.sysctls[s.path] = s.value; }
  void take(const RestoreSysctl& s) {
    if (s.untouched) seen.sysctls[s.path] = s.former;
  }

  uint32_t last_ifindex_ = 0;
};

}  // namespace ipxlat

#endif
