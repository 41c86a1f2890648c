// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/plan.h"

#include <algorithm>

#include "lib/owner.h"

namespace ipxlat {
namespace {

// Any member of any target's list that fulfils the predicate.
template <class Member, class Predicate>
bool any_wants(const std::vector<Target>& wanted, Member Target::* list, Predicate predicate) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const Target& target) {
    return std::any_of((target.*list).begin(), (target.*list).end(), predicate);
  });
}

bool same(const SeenAddress& seen, const Address& wanted) {
  return seen.link == wanted.link && seen.network == wanted.network;
}

bool same(const SeenRoute& seen, const Route& wanted) {
  return seen.destination == wanted.destination && seen.type == wanted.type && seen.link == wanted.link &&
         seen.metric == wanted.metric && seen.mtu == wanted.mtu;
}

bool same(const SeenProxy& seen, const Proxy& wanted) {
  return seen.link == wanted.link && seen.address.s_addr == wanted.address.s_addr;
}

// True if `link` is a device that goes in this plan, and everything on it with it.
bool goes_with_device(const std::vector<Step>& steps, const std::string& link) {
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    const auto* removal = std::get_if<DeleteDevice>(&step);
    return removal && removal->name == link;
  });
}

void remove_devices(const std::vector<Target>& wanted, const Seen& seen, std::vector<Step>& steps) {
  for (const auto& link : seen.links) {
    const bool kept = std::any_of(wanted.begin(), wanted.end(), [&](const Target& target) {
      return target.device && target.device->name == link.name;
    });
    if (link.ours() && !kept) steps.push_back(DeleteDevice{link.name});
  }
}

void plan_device(const Target& wanted, const Seen& seen, std::vector<Step>& steps) {
  const Device& device = *wanted.device;
  const std::string alias = owner_mark(wanted.report.id());
  const SeenLink* link = seen.link(device.name);
  const bool present = link && link->ours();
  if (!present) steps.push_back(CreateDevice{device.name, alias});
  if (present && link->alias != alias) steps.push_back(SetDeviceAlias{device.name, alias});
  // a device that was just made has the defaults
  const DeviceConfig now = present && link->config ? *link->config : DeviceConfig{};
  const Change change = difference(now, device.config);
  if (!change.empty()) steps.push_back(ConfigureDevice{device.name, change});
  if (!present || link->mtu != device.mtu) steps.push_back(SetDeviceMtu{device.name, device.mtu});
  if (!present || !link->up) steps.push_back(SetDeviceUp{device.name});
}

}  // namespace

std::vector<Step> plan(const Target& wanted, const Seen& seen) {
  std::vector<Step> steps;
  if (wanted.device) plan_device(wanted, seen, steps);
  const auto missing = [](const auto& list, const auto& one) {
    return std::none_of(list.begin(), list.end(), [&](const auto& other) { return same(other, one); });
  };
  for (const auto& address : wanted.addresses)
    if (missing(seen.addresses, address)) steps.push_back(AddAddress{address});
  for (const auto& table : wanted.tables) {
    const auto summary = nft::summary(table);
    if (std::find(seen.tables.begin(), seen.tables.end(), summary) == seen.tables.end())
      steps.push_back(ReplaceTable{table});
  }
  for (const auto& sysctl : wanted.sysctls) {
    const std::string value = seen.sysctl(sysctl.path);
    const auto changed = seen.changed.find(sysctl.path);
    const std::string& former = changed == seen.changed.end() ? value : changed->second.former;
    if (value != sysctl.value) steps.push_back(SetSysctl{sysctl.path, sysctl.value, former});
  }
  for (const auto& route : wanted.routes)
    if (missing(seen.routes, route)) steps.push_back(AddRoute{route});
  for (const auto& proxy : wanted.proxies)
    if (missing(seen.proxies, proxy)) steps.push_back(AddProxy{proxy});
  return steps;
}

std::vector<Step> plan_removal(const std::vector<Target>& wanted, const Seen& seen) {
  std::vector<Step> devices;
  remove_devices(wanted, seen, devices);
  std::vector<Step> steps;
  for (const auto& route : seen.routes)
    if (route.ours && !goes_with_device(devices, route.link) &&
        !any_wants(wanted, &Target::routes, [&](const Route& other) { return same(route, other); }))
      steps.push_back(DeleteRoute{{route.destination, route.type, route.link, route.metric, route.mtu}});
  for (const auto& proxy : seen.proxies)
    if (proxy.ours &&
        !any_wants(wanted, &Target::proxies, [&](const Proxy& other) { return same(proxy, other); }))
      steps.push_back(DeleteProxy{{proxy.link, proxy.address}});
  // the device before its rules: no packet comes past them on the way out
  steps.insert(steps.end(), devices.begin(), devices.end());
  for (const auto& table : seen.tables)
    if (!any_wants(wanted, &Target::tables, [&](const nft::Table& other) {
          return other.family == table.family && other.name == table.name;
        }))
      steps.push_back(DeleteTable{table.family, table.name});
  for (const auto& address : seen.addresses)
    if (address.ours && !goes_with_device(devices, address.link) &&
        !any_wants(wanted, &Target::addresses, [&](const Address& other) { return same(address, other); }))
      steps.push_back(DeleteAddress{{address.link, address.network}});
  for (const auto& [path, change] : seen.changed)
    if (!any_wants(wanted, &Target::sysctls, [&](const Sysctl& other) { return other.path == path; }))
      steps.push_back(RestoreSysctl{path, change.former, seen.sysctl(path) == change.value});
  return steps;
}

namespace {

struct Undo {
  const Seen& before;
  const std::vector<nft::Table>& former;

  using Back = std::optional<Step>;

  Back operator()(const CreateDevice& s) const { return DeleteDevice{s.name}; }
  Back operator()(const SetDeviceAlias& s) const {
    return SetDeviceAlias{s.name, before.link(s.name)->alias};
  }
  Back operator()(const ConfigureDevice& s) const {
    const SeenLink* link = before.link(s.name);
    if (!link || !link->config) return std::nullopt;
    DeviceConfig after = *link->config;
    apply_change(after, s.change);
    return ConfigureDevice{s.name, difference(after, *link->config)};
  }
  Back operator()(const SetDeviceMtu& s) const {
    const SeenLink* link = before.link(s.name);
    if (!link) return std::nullopt;
    return SetDeviceMtu{s.name, link->mtu};
  }
  Back operator()(const AddAddress& s) const { return DeleteAddress{s.address}; }
  Back operator()(const AddRoute& s) const { return DeleteRoute{s.route}; }
  Back operator()(const AddProxy& s) const { return DeleteProxy{s.proxy}; }
  Back operator()(const ReplaceTable& s) const {
    for (const auto& table : former)
      if (table.name == s.table.name && table.family == s.table.family) return ReplaceTable{table};
    for (const auto& table : before.tables)
      if (table.name == s.table.name && table.family == s.table.family) return std::nullopt;
    return DeleteTable{s.table.family, s.table.name};
  }
  Back operator()(const SetSysctl& s) const {
    const std::string value = before.sysctl(s.path);
    if (before.changed.contains(s.path)) return SetSysctl{s.path, value, s.former};
    return RestoreSysctl{s.path, s.former, true};
  }
  // a device that is up, and what is taken away for good
  template <class Other>
  Back operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<Step> undo(const Step& step, const Seen& before, const std::vector<nft::Table>& former) {
  return std::visit(Undo{before, former}, step);
}

}  // namespace ipxlat
