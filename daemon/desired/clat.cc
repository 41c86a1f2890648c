// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat.h"

#include <arpa/inet.h>

#include <algorithm>
#include <map>

#include "daemon/desired/conflict.h"
#include "daemon/desired/flows.h"
#include "daemon/desired/forwarding.h"
#include "daemon/desired/source_prefix.h"
#include "daemon/desired/stable_address.h"
#include "daemon/desired/uplink.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr unsigned kAttempts = 4;  // dedicated addresses that are tried
constexpr uint32_t kGrowth = 28;   // bytes: an IPv6 header for one of IPv4, and a Fragment header
constexpr uint32_t kMtuLeast = 1280;

const SeenAddress* find_address(const Seen& seen, const std::string& link, const in6_addr& address) {
  for (const auto& one : seen.addresses)
    if (const auto* own = std::get_if<Prefix6>(&one.network);
        own && one.link == link && IN6_ARE_ADDR_EQUAL(&own->address, &address))
      return &one;
  return nullptr;
}

// Makes the unit of one place, step by step.
class Builder {
 public:
  Builder(const ClatConfig& config, const ClatPlace& place, const Seen& seen, const SipKey& secret,
          std::set<uint32_t>& taken)
      : config_(config), place_(place), seen_(seen), secret_(secret), taken_(taken) {}

  Unit build() {
    Report& report = unit_.report;
    report.name = config_.name;
    report.kind = "clat";
    report.device = place_.device.empty() ? config_.device : place_.device;
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
    end_.far6 = *place_.pref64;
    end_.tracked = !seen_.sysctl("net/netfilter/nf_conntrack_max").empty();
    if (!choose_end()) return std::move(unit_);
    fill();
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

  // False with the report saying why not.
  bool choose_end() {
    if (const auto* prefix = std::get_if<Prefix6>(&config_.address6)) {
      end_.near4 = *config_.local4;
      end_.near6 = *prefix;
      end_.mode = "prefix";
      end_.own = false;
      return true;
    }
    if (!choose_address4()) return fail("all of 192.0.0.0/29 is in use by other interfaces");
    if (std::holds_alternative<SharedAddress>(config_.address6)) return share();
    if (const auto* address = std::get_if<in6_addr>(&config_.address6)) return use_given(*address);
    return choose_dedicated();
  }

  bool fail(const std::string& why) {
    unit_.report.state = InstanceState::kFailed;
    unit_.report.why = why;
    return false;
  }

  // RFC 7335; the device keeps what it has.
  bool choose_address4() {
    const uint32_t first = ntohl(parse_address4("192.0.0.0").s_addr);
    const auto held = [&](uint32_t address, bool here) {
      return std::any_of(seen_.addresses.begin(), seen_.addresses.end(), [&](const SeenAddress& one) {
        const auto* own = std::get_if<Prefix4>(&one.network);
        return own && ntohl(own->address.s_addr) == address && (one.link == place_.device) == here;
      });
    };
    for (bool keep : {true, false})
      for (uint32_t address = first + 1; address <= first + 7; address++) {
        if (taken_.contains(address) || held(address, false) || (keep && !held(address, true))) continue;
        taken_.insert(address);
        end_.near4 = host(in_addr{htonl(address)});
        return true;
      }
    return false;
  }

  bool share() {
    end_.near6 = internal6(end_.near4);
    end_.mode = "shared";
    end_.masqueraded = true;
    end_.ready = true;
    return true;
  }

  bool use_given(const in6_addr& address) {
    const SeenAddress* there = find_address(seen_, uplink(), address);
    if (there && there->duplicate)
      return fail(to_string(address) + " is in use by another host on " + uplink());
    claim(address, "given", there);
    return true;
  }

  // True if an address in `prefix` was made before, even if somebody has deleted it since.
  bool holds(const Prefix6& prefix) const {
    for (unsigned attempt = 0; attempt < kAttempts; attempt++) {
      const in6_addr address = stable_address(secret_, prefix, uplink(), attempt);
      const SeenAddress* there = find_address(seen_, uplink(), address);
      if (there && there->ours) return true;
      if (seen_.made_addresses.contains(Address{uplink(), host(address)}.key())) return true;
    }
    return false;
  }

  bool choose_dedicated() {
    const auto prefixes = source_prefixes(seen_, uplink(), end_.far6);
    if (prefixes.empty()) {
      unit_.report.warnings.push_back(uplink() +
                                      " has no /64 with autonomous configuration: its own address is shared");
      return share();
    }
    // connections outlive whatever else is advertised
    const auto held = std::find_if(prefixes.begin(), prefixes.end(), [&](const auto& p) { return holds(p); });
    const Prefix6& prefix = held == prefixes.end() ? prefixes.front() : *held;
    for (unsigned attempt = 0; attempt < kAttempts; attempt++) {
      const in6_addr address = stable_address(secret_, prefix, uplink(), attempt);
      const SeenAddress* there = find_address(seen_, uplink(), address);
      claim(address, "dedicated", there);
      // one that failed stays, so that the next reading of the kernel's state finds that it did
      if (!there || !there->duplicate) return true;
    }
    unit_.report.warnings.push_back("other hosts on " + uplink() + " have every address that was tried in " +
                                    to_string(prefix) + ": its own address is shared");
    return share();
  }

  void claim(const in6_addr& address, const char* mode, const SeenAddress* there) {
    const bool foreign = there && !there->ours;
    unit_.resources.push_back(Address{uplink(), foreign ? there->network : host(address)});
    end_.near6 = host(address);
    end_.mode = mode;
    end_.ready = there && !there->tentative;
  }

  void fill() {
    Report& report = unit_.report;
    report.address6 = to_string(end_.near6);
    if (end_.own) report.address6 = to_string(end_.near6.address);
    report.address6_mode = end_.mode;
    report.local4 = to_string(end_.near4);
    report.state = end_.ready ? InstanceState::kOn : InstanceState::kOff;
    report.why = end_.ready
                     ? "pref64 " + report.pref64 +
                           (report.pref64_from.empty() ? "" : " by " + report.pref64_from) + " through " +
                           uplink() + ", address " + report.address6 + " (" + end_.mode + ")"
                     : "duplicate address detection of " + report.address6 + " runs on " + uplink();

    if (!place_.way) report.warnings.push_back(uplink() + " has no route to " + report.pref64);

    // the device's bounds what comes in as well; what may go out says the route
    const uint32_t mtu6 = std::clamp(ipv6_mtu(seen_, *place_.uplink), kMtuLeast, 65535u);
    Device device{place_.device, {}, mtu6, unit_.id()};
    device.config.settings.remote_prefix6 = end_.far6;
    device.config.settings.lowest_ipv6_mtu = mtu6;
    device.config.map = {{end_.near4, end_.near6}};
    unit_.resources.push_back(device);
    if (end_.own) {
      const SeenLink* link = seen_.link(place_.device);
      unit_.resources.push_back(Address{place_.device, end_.near4});
      unit_.resources.push_back(
          Tables(clat_tables(config_, place_, end_, link && link->ours() ? link->ifindex : 0)));
      if (end_.masqueraded) unit_.resources.push_back(clat_flush(unit_.id(), end_.near6, uplink(), seen_));
    } else {
      unit_.resources.push_back(Route{end_.near6, RouteType::kUnicast, place_.device, kMetric6});
    }
    serve_downlinks();
    // IPv4 has no use for the device before the address has
    if (!end_.ready) return;
    // a provider lets out what has an address of its own
    if (place_.strays)
      unit_.resources.push_back(
          Route{end_.far6, RouteType::kUnicast, uplink(), kMetric6, 0, end_.near6, place_.way->gateway});
    // RFC 7335: of no use behind the translator, whoever else has a part of it on this host
    const Route nobody{parse_prefix4("192.0.0.0/29"), RouteType::kUnreachable, "", kGuardMetric};
    if (end_.own) unit_.resources.push_back(nobody);
    unit_.resources.push_back(
        Route{Prefix4{}, RouteType::kUnicast, place_.device, place_.metric, mtu6 - kGrowth});
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
  const SipKey& secret_;
  std::set<uint32_t>& taken_;
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

std::vector<Unit> clat_units(const ClatConfig& config, const Seen& seen, const SipKey& secret,
                             std::set<uint32_t>& taken) {
  std::vector<Unit> units;
  for (const auto& place : clat_places(config, seen))
    units.push_back(Builder(config, place, seen, secret, taken).build());
  share_maps(units);
  return units;
}

}  // namespace ipxlat
