// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/daemon_fake_kernel.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "lib/owner.h"

namespace ipxlat {
namespace {

constexpr const char* kOfLink[] = {"net/ipv6/conf/", "net/ipv4/conf/"};

}  // namespace

FakeKernel::FakeKernel() {
  add_link("lo", 65536);
  seen.sysctls["net/ipv4/ip_forward"] = "0";
  seen.sysctls["net/ipv6/conf/all/forwarding"] = "0";
  announcements = 0;
}

void FakeKernel::add_link(const std::string& name, uint32_t mtu) {
  SeenLink link;
  link.ifindex = ++last_ifindex_;
  link.name = name;
  link.up = link.carrier = true;
  link.mtu = mtu;
  seen.links.push_back(link);
  seen.sysctls["net/ipv4/conf/" + name + "/forwarding"] = "0";
  seen.sysctls["net/ipv6/conf/" + name + "/accept_ra"] = "0";
  seen.sysctls["net/ipv6/conf/" + name + "/forwarding"] = "0";
  seen.sysctls["net/ipv6/conf/" + name + "/mtu"] = std::to_string(mtu);
  announcements++;
}

SeenAddress& FakeKernel::add_address(const std::string& link, const Network& network) {
  SeenAddress address;
  address.link = link;
  address.network = network;
  seen.addresses.push_back(address);
  announcements++;
  return seen.addresses.back();
}

SeenRoute& FakeKernel::add_route(const Network& destination, const std::string& link, uint32_t metric) {
  SeenRoute route;
  route.destination = destination;
  route.link = link;
  route.metric = metric;
  seen.routes.push_back(route);
  announcements++;
  return seen.routes.back();
}

SeenLink& FakeKernel::link(const std::string& name) {
  return *std::find_if(seen.links.begin(), seen.links.end(), [&](const auto& l) { return l.name == name; });
}

void FakeKernel::delete_link(const std::string& name) {
  if (std::erase_if(seen.links, [&](const auto& l) { return l.name == name; }) == 0) return;
  std::erase_if(seen.routes, [&](const auto& r) { return r.link == name; });
  std::erase_if(seen.addresses, [&](const auto& a) { return a.link == name; });
  std::erase_if(seen.proxies, [&](const auto& p) { return p.link == name; });
  std::erase_if(seen.sysctls, [&](const auto& s) { return sysctl_link(s.first) == name; });
  announcements++;
  devices_deleted++;
}

void FakeKernel::rename_link(const std::string& from, const std::string& to) {
  link(from).name = to;
  for (auto& one : seen.routes)
    if (one.link == from) one.link = to;
  for (auto& one : seen.addresses)
    if (one.link == from) one.link = to;
  std::map<std::string, std::string> renamed;
  for (const auto& [path, value] : seen.sysctls) {
    std::string moved = path;
    for (const std::string folder : kOfLink)
      if (path.starts_with(folder + from + "/")) moved.replace(folder.size(), from.size(), to);
    renamed[moved] = value;
  }
  seen.sysctls = std::move(renamed);
  announcements++;
}

Result<Seen> FakeKernel::read(const std::vector<std::string>&) {
  if (unreadable) return *unreadable;
  Seen told = seen;
  if (interests)
    std::erase_if(told.routes, [&](const SeenRoute& route) {
      return !route.ours && !route.from_ra && !interests->touch(route.destination);
    });
  return told;
}

void FakeKernel::moment() {
  if (kill_in && --kill_in == 0) throw Killed();
}

Result<void> FakeKernel::apply(const Step& step) {
  const std::string words = describe(step);
  if (!refuse.empty() && words.starts_with(refuse) && refusals-- > 0)
    return NetlinkError{EINVAL, "cannot " + words + ": no"};
  steps.push_back(words);
  moment();
  const auto act = [&](const auto& resource) {
    using Kind = std::decay_t<decltype(resource)>;
    if (step.action == Action::kPut) return put(resource);
    if (step.action == Action::kChange) return change(resource);
    if constexpr (std::is_same_v<Kind, Sysctl>) {
      if (step.former && seen.sysctls.contains(resource.path))
        write(resource.path, std::get<Sysctl>(*step.former).value);
    } else {
      drop(resource);
    }
    return 0;
  };
  const int error = std::visit(act, step.resource);
  if (error) return NetlinkError{error, "cannot " + words + ": " + std::strerror(error)};
  moment();
  return {};
}

bool FakeKernel::there(const std::string& name) const { return seen.link(name); }

bool FakeKernel::has_address(const Prefix4& address) const {
  return std::any_of(seen.addresses.begin(), seen.addresses.end(), [&](const SeenAddress& one) {
    const auto* own = std::get_if<Prefix4>(&one.network);
    return own && host(own->address) == address;
  });
}

std::vector<std::string> FakeKernel::made() const {
  std::vector<std::string> all;
  for (const auto& link : seen.links)
    if (link.kind == "ipxlat") all.push_back("device " + link.name + " " + link.alias);
  for (const auto& one : seen.addresses)
    if (one.ours) all.push_back("address " + to_string(one.network) + " " + one.link);
  for (const auto& one : seen.routes)
    if (one.ours)
      all.push_back(Route{one.destination, one.type, one.link, one.metric, one.mtu, one.source, one.gateway,
                          one.preferred_source}
                        .key());
  for (const auto& one : seen.proxies)
    if (one.ours) all.push_back("proxy " + to_string(one.address) + " " + one.link);
  for (const auto& one : seen.tables) all.push_back("table " + one.name + " " + one.comment);
  for (const auto& [path, value] : seen.sysctls) all.push_back(path + " " + value);
  std::sort(all.begin(), all.end());
  return all;
}

int FakeKernel::put(const Device& device) {
  if (there(device.name)) return EEXIST;
  add_link(device.name);
  SeenLink& made = seen.links.back();
  made.kind = "ipxlat";
  made.up = false;
  made.config = DeviceConfig{};
  moment();
  return change(device);
}

int FakeKernel::change(const Device& device) {
  SeenLink& changed = link(device.name);
  changed.alias = device.owner.empty() ? "" : owner_mark(device.owner);
  moment();
  changed.config = device.config;
  moment();
  changed.mtu = device.mtu;
  moment();
  changed.up = device.up;
  announcements++;
  return 0;
}

int FakeKernel::put(const Address& address) {
  if (!there(address.link)) return ENODEV;
  for (const auto& one : seen.addresses)
    if (one.link == address.link && one.network == address.network) return EEXIST;
  add_address(address.link, address.network).ours = true;
  return 0;
}

// IPv4 routes that prefer it as a source go without a word.
void FakeKernel::drop(const Address& address) {
  const auto* own = std::get_if<Prefix4>(&address.network);
  if (own)
    std::erase_if(seen.routes, [&](const SeenRoute& one) {
      return one.preferred_source && *one.preferred_source == host(own->address);
    });
  announcements += std::erase_if(seen.addresses, [&](const auto& a) {
    return a.ours && a.link == address.link && a.network == address.network;
  });
}

int FakeKernel::put(const Tables& tables) {
  if (!tables.content) return EINVAL;
  for (const auto& table : *tables.content)
    for (const auto& flowtable : table.flowtables)
      for (const auto& device : flowtable.devices)
        if (!there(device)) return ENOENT;
  drop(tables);
  for (const auto& table : *tables.content)
    seen.tables.push_back(nft::summary(
        nft::with_indices(table, [this](const std::string& device) { return link(device).ifindex; })));
  announcements++;
  return 0;
}

void FakeKernel::drop(const Tables& tables) {
  announcements += std::erase_if(seen.tables, [&](const auto& t) { return t.name == tables.name; });
}

int FakeKernel::put(const Sysctl& sysctl) {
  if (!seen.sysctls.contains(sysctl.path)) return ENOENT;
  write(sysctl.path, sysctl.value);
  return 0;
}

// Behind all of the same destination and metric. IPv6 counts only the way out: a second route by the same one
// is refused.
int FakeKernel::put(const Route& route) {
  if (!route.link.empty() && !there(route.link)) return ENODEV;
  if (route.preferred_source && !has_address(*route.preferred_source)) return EINVAL;
  const auto beside = [&](const SeenRoute& one) {
    return one.destination == route.destination && one.source == route.source;
  };
  auto place = std::find_if(seen.routes.begin(), seen.routes.end(),
                            [&](const SeenRoute& one) { return beside(one) && one.metric > route.metric; });
  for (auto one = seen.routes.begin(); one != seen.routes.end(); ++one) {
    if (!beside(*one) || one->metric != route.metric) continue;
    const bool same_way = one->link == route.link && one->gateway == route.gateway;
    if (is_ipv6(route.destination) && same_way) return EEXIST;
    if (same_way && one->ours && one->type == route.type && one->mtu == route.mtu &&
        one->preferred_source == route.preferred_source)
      return EEXIST;
    place = std::next(one);
  }
  seen.routes.insert(place, SeenRoute{route.destination, route.type, route.link, route.metric, route.mtu,
                                      true, false, route.source, route.gateway, route.preferred_source});
  announcements++;
  return 0;
}

// The first that answers to the description, in which 0 stands for any; IPv6 looks neither at type nor MTU.
void FakeKernel::drop(const Route& route) {
  const bool six = is_ipv6(route.destination);
  const auto found = std::find_if(seen.routes.begin(), seen.routes.end(), [&](const SeenRoute& one) {
    return one.ours && one.destination == route.destination && one.source == route.source &&
           (route.metric == 0 || one.metric == route.metric) &&
           (route.link.empty() || one.link == route.link) &&
           (!route.gateway || one.gateway == route.gateway) &&
           (!route.preferred_source || one.preferred_source == route.preferred_source) &&
           (six || (one.type == route.type && (route.mtu == 0 || one.mtu == route.mtu)));
  });
  if (found == seen.routes.end()) return;
  seen.routes.erase(found);
  announcements++;
}

int FakeKernel::put(const Proxy& proxy) {
  if (!there(proxy.link)) return ENODEV;
  seen.proxies.push_back({proxy.link, proxy.address, true});
  return 0;
}

void FakeKernel::drop(const Proxy& proxy) {
  std::erase_if(seen.proxies, [&](const auto& p) {
    return p.address.s_addr == proxy.address.s_addr && p.link == proxy.link;
  });
}

// Forwarding alone is announced.
void FakeKernel::write(const std::string& path, const std::string& value) {
  announcements += path.ends_with("forward") || path.ends_with("forwarding");
  seen.sysctls[path] = value;
}

}  // namespace ipxlat
