// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat.h"

#include <algorithm>
#include <map>

#include "daemon/desired/conflict.h"
#include "daemon/desired/flows.h"
#include "daemon/desired/forwarding.h"
#include "daemon/desired/uplink.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint32_t kGrowth = 20;  // bytes: an IPv6 header for one of IPv4; the device cuts what needs it
constexpr uint32_t kMtuLeast = 1280;

// Makes the unit of one place, step by step.
class Builder {
 public:
  Builder(const ClatConfig& config, const ClatPlace& place, const Seen& seen)
      : config_(config), place_(place), seen_(seen) {}

  // `choose_end` is asked for the end if the CLAT is to be on.
  template <class ChooseEnd>
  Unit build(ChooseEnd choose_end) {
    Report& report = unit_.report;
    report.name = config_.name;
    report.kind = "clat";
    report.device = place_.device;
    unit_.instance = report.id();
    guard();
    if (place_.uplink) {
      unit_.key = place_.uplink->name;
      report.uplinks = {place_.uplink->name};
    }
    if (place_.pref64) report.pref64 = to_string(*place_.pref64);
    if (place_.learnt) {
      report.pref64_from = place_.learnt->from;
      report.pref64_until = place_.learnt->learnt.until;
    }
    report.why = place_.why_off;
    if (!report.why.empty()) return std::move(unit_);
    end_ = choose_end();
    if (end_.failure.empty()) {
      fill();
    } else {
      report.state = InstanceState::kFailed;
      report.why = end_.failure;
    }
    return std::move(unit_);
  }

 private:
  const std::string& uplink() const { return place_.uplink->name; }

  // A prefix that was delegated, and the network behind it: what nobody there takes would follow a default
  // route, and come back.
  void guard() {
    const auto* prefix = std::get_if<Prefix6>(&config_.address6);
    if (!prefix) return;
    unit_.guard(*prefix);
    unit_.guard(*config_.local4);
  }

  void fill() {
    tell();
    for (const auto& address : end_.claimed) unit_.resources.push_back(address);
    unit_.recheck_at = end_.until;

    // the device's bounds what comes in as well; what may go out says the route
    const uint32_t mtu6 = std::clamp(ipv6_mtu(seen_, *place_.uplink), kMtuLeast, 65535u);
    Device device{place_.device, {}, mtu6, unit_.id()};
    device.config.settings.remote_prefix6 = place_.pref64;
    device.config.settings.lowest_ipv6_mtu = mtu6;
    device.config.map = end_.near;
    unit_.resources.push_back(device);
    if (end_.own)
      have_addresses();
    else
      unit_.resources.push_back(
          Route{end_.near.front().prefix6, RouteType::kUnicast, place_.device, kMetric6});
    serve_downlinks();
    // IPv4 has no use for the device before the address has
    if (end_.ready) lead_out(mtu6);
  }

  void tell() {
    Report& report = unit_.report;
    const MapEntry& near = end_.near.front();
    report.address6 = end_.own ? to_string(near.prefix6.address) : to_string(near.prefix6);
    report.address6_mode = end_.mode;
    report.local4 = to_string(near.prefix4);
    report.state = end_.ready ? InstanceState::kOn : InstanceState::kOff;
    report.why = end_.ready
                     ? "pref64 " + report.pref64 +
                           (report.pref64_from.empty() ? "" : " by " + report.pref64_from) + " through " +
                           uplink() + ", address " + report.address6 + " (" + end_.mode + ")"
                     : "duplicate address detection of " + report.address6 + " runs on " + uplink();
    report.warnings = end_.warnings;
    if (!place_.way) report.warnings.push_back(uplink() + " has no route to " + report.pref64);
  }

  void have_addresses() {
    const SeenLink* link = seen_.link(place_.device);
    const bool tracked = !seen_.sysctl("net/netfilter/nf_conntrack_max").empty();
    for (const auto& entry : end_.near) unit_.resources.push_back(Address{place_.device, entry.prefix4});
    unit_.resources.push_back(
        Tables(clat_tables(config_, place_, end_, link && link->ours() ? link->ifindex : 0, tracked)));
    if (end_.masqueraded)
      unit_.resources.push_back(clat_flush(unit_.id(), end_.near.front().prefix6, uplink(), seen_));
  }

  void lead_out(uint32_t mtu6) {
    // a provider lets out what has an address of its own
    for (const auto& entry : end_.near)
      if (place_.strays)
        unit_.resources.push_back(Route{*place_.pref64, RouteType::kUnicast, uplink(), kMetric6, 0,
                                        entry.prefix6, place_.way->gateway});
    // RFC 7335: of no use behind the translator, whoever else has a part of it on this host
    const Route nobody{parse_prefix4("192.0.0.0/29"), RouteType::kUnreachable, "", kGuardMetric};
    if (end_.own) unit_.resources.push_back(nobody);
    Route out{Prefix4{}, RouteType::kUnicast, place_.device, place_.metric, mtu6 - kGrowth};
    // the kernel would take the oldest
    if (end_.mode == "temporary") out.preferred_source = end_.near.front().prefix4;
    unit_.resources.push_back(out);
  }

  void serve_downlinks() {
    if (config_.downlinks.empty()) return;
    unit_.report.downlinks = config_.downlinks;
    for (const auto& name : config_.downlinks)
      if (!seen_.link(name)) unit_.report.warnings.push_back("there is no interface " + name);
    want_forwarding4(unit_, seen_, place_.device, config_.downlinks, config_.manage_sysctls);
  }

  const ClatConfig& config_;
  const ClatPlace& place_;
  const Seen& seen_;
  ClatEnd end_;
  Unit unit_;
};

// A connection keeps its address of 192.0.0.0/29 when the kernel comes to prefer another uplink, by whose
// device it leaves then: each knows them all, where they have one NAT64 in common.
void share_maps(std::vector<Unit>& units) {
  std::map<Prefix6, std::vector<MapEntry>> entries;
  const auto each = [&](auto do_it) {
    for (auto& unit : units)
      for (auto& resource : unit.resources)
        if (auto* device = std::get_if<Device>(&resource)) do_it(device->config);
  };
  each([&](const DeviceConfig& config) {
    auto& all = entries[*config.settings.remote_prefix6];
    all.insert(all.end(), config.map.begin(), config.map.end());
  });
  each([&](DeviceConfig& config) { config.map = entries[*config.settings.remote_prefix6]; });
}

}  // namespace

std::vector<Unit> clat_units(const ClatConfig& config, const Seen& seen, const SipKey& secret, Time now,
                             std::set<uint32_t>& taken) {
  std::vector<Unit> units;
  for (const auto& place : clat_places(config, seen))
    units.push_back(Builder(config, place, seen).build([&] {
      return choose_clat_end(config, place, seen, secret, now, taken);
    }));
  share_maps(units);
  return units;
}

}  // namespace ipxlat
