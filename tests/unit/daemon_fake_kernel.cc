// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/daemon_fake_kernel.h"

#include <algorithm>
#include <iterator>

#include "lib/owner.h"

namespace ipxlat {
namespace {

constexpr const char* kOfLink[] = {"net/ipv6/conf/", "net/ipv4/conf/"};

// Of one place in the kernel's table: what an addition is put behind.
bool beside(const SeenRoute& a, const Route& b) {
  return a.destination == b.destination && a.metric == b.metric;
}

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
  seen.sysctls["net/ipv6/conf/" + name + "/accept_ra"] = "0";
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

void FakeKernel::add_route(const Network& destination, const std::string& link, uint32_t metric) {
  SeenRoute route;
  route.destination = destination;
  route.link = link;
  route.metric = metric;
  seen.routes.push_back(route);
  announcements++;
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
  return seen;
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
  std::visit(
      [&](const auto& resource) {
        using Kind = std::decay_t<decltype(resource)>;
        if constexpr (std::is_same_v<Kind, Sysctl>) {
          const Sysctl* former = step.former ? &std::get<Sysctl>(*step.former) : nullptr;
          if (step.action != Action::kDrop) return put(resource);
          if (former && seen.sysctls.contains(resource.path)) write(resource.path, former->value);
        } else {
          if (step.action == Action::kPut) return put(resource);
          if (step.action == Action::kChange) return change(resource);
          drop(resource);
        }
      },
      step.resource);
  moment();
  return {};
}

std::vector<std::string> FakeKernel::made() const {
  std::vector<std::string> all;
  for (const auto& link : seen.links)
    if (link.kind == "ipxlat") all.push_back("device " + link.name + " " + link.alias);
  for (const auto& one : seen.addresses)
    if (one.ours) all.push_back("address " + to_string(one.network) + " " + one.link);
  for (const auto& one : seen.routes)
    if (one.ours) all.push_back(Route{one.destination, one.type, one.link, one.metric, one.mtu}.key());
  for (const auto& one : seen.proxies)
    if (one.ours) all.push_back("proxy " + to_string(one.address) + " " + one.link);
  for (const auto& one : seen.tables) all.push_back("table " + one.name + " " + one.comment);
  for (const auto& [path, value] : seen.sysctls) all.push_back(path + " " + value);
  std::sort(all.begin(), all.end());
  return all;
}

void FakeKernel::put(const Device& device) {
  add_link(device.name);
  SeenLink& made = seen.links.back();
  made.kind = "ipxlat";
  made.up = false;
  made.config = DeviceConfig{};
  moment();
  change(device);
}

void FakeKernel::change(const Device& device) {
  SeenLink& changed = link(device.name);
  changed.alias = device.owner.empty() ? "" : owner_mark(device.owner);
  moment();
  changed.config = device.config;
  moment();
  changed.mtu = device.mtu;
  moment();
  changed.up = device.up;
  announcements++;
}

void FakeKernel::put(const Address& address) { add_address(address.link, address.network).ours = true; }

void FakeKernel::drop(const Address& address) {
  announcements += std::erase_if(seen.addresses, [&](const auto& a) {
    return a.ours && a.link == address.link && a.network == address.network;
  });
}

void FakeKernel::put(const Table& table) {
  nft::Table content = *table.content;
  for (auto& chain : content.chains)
    for (auto& rule : chain.rules)
      for (auto& expression : rule.expressions)
        if (auto* duplicate = std::get_if<nft::Duplicate6>(&expression))
          duplicate->ifindex = link(duplicate->device).ifindex;
  drop(table);
  seen.tables.push_back(nft::summary(content));
  announcements++;
}

void FakeKernel::drop(const Table& table) {
  announcements += std::erase_if(seen.tables, [&](const auto& t) {
    return t.name == table.summary.name && t.family == table.summary.family;
  });
}

// Behind all of the same destination and metric. IPv6 counts only the way out: a second route by the same one
// is refused, but its MTU is taken.
void FakeKernel::put(const Route& route) {
  auto place = seen.routes.end();
  for (auto one = seen.routes.begin(); one != seen.routes.end(); ++one) {
    if (!beside(*one, route)) continue;
    const bool same_way = one->link == route.link;
    if (is_ipv6(route.destination) && same_way) {
      if (route.mtu) one->mtu = route.mtu;
      return;
    }
    if (same_way && one->ours && one->type == route.type && one->mtu == route.mtu) return;
    place = std::next(one);
  }
  seen.routes.insert(
      place, SeenRoute{route.destination, route.type, route.link, route.metric, route.mtu, true, false});
  announcements++;
}

// The first that answers to the description, in which 0 stands for any; IPv6 looks neither at type nor MTU.
void FakeKernel::drop(const Route& route) {
  const bool six = is_ipv6(route.destination);
  const auto found = std::find_if(seen.routes.begin(), seen.routes.end(), [&](const SeenRoute& one) {
    return one.ours && one.destination == route.destination &&
           (route.metric == 0 || one.metric == route.metric) &&
           (route.link.empty() || one.link == route.link) &&
           (six || (one.type == route.type && (route.mtu == 0 || one.mtu == route.mtu)));
  });
  if (found == seen.routes.end()) return;
  seen.routes.erase(found);
  announcements++;
}

void FakeKernel::put(const Proxy& proxy) { seen.proxies.push_back({proxy.link, proxy.address, true}); }

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
