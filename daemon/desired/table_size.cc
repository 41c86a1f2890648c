// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/table_size.h"

#include <algorithm>
#include <charconv>

namespace ipxlat {
namespace {

constexpr const char* kMost = "net/netfilter/nf_conntrack_max";
constexpr const char* kBuckets = "net/netfilter/nf_conntrack_buckets";

// Without max-flows: what an eighth of the memory holds, at 320 bytes an entry, and no more buckets than fit
// into 32 MiB, which are had at once.
constexpr uint64_t kShare = 8, kEntryBytes = 320, kDefaultMost = 1 << 22;

// The kernel has buckets by whole pages, of 64 KiB on some machines.
constexpr uint64_t kStep = 8192;

uint64_t rounded(uint64_t entries) { return (entries + kStep - 1) / kStep * kStep; }

// With an entry on either side of the device.
uint64_t entries_of_flow(const Nat64Config& config) {
  const bool offloads4 = config.flowtable && !config.uplinks.empty();
  return config.mode == Nat64Mode::kMasquerade || offloads4 ? 2 : 1;
}

uint64_t default_entries(const Seen& seen) {
  return std::min(rounded(seen.memory / kShare / kEntryBytes), kDefaultMost);
}

// Of all that may set it, so that each wants the same.
uint64_t entries_of(const std::vector<Nat64Config>& gateways, const Seen& seen) {
  uint64_t said = 0, unsaid = 0;
  for (const auto& one : gateways) {
    if (!one.manage_sysctls) continue;
    if (one.max_flows)
      said += *one.max_flows * entries_of_flow(one);
    else
      unsaid = default_entries(seen);
  }
  return rounded(std::max(said, unsaid));
}

// What it would be without this daemon; nothing as long as nothing is tracked.
std::optional<uint64_t> of_others(const Seen& seen, const char* path) {
  std::string text = seen.sysctl(path);
  const auto changed = seen.changed.find(path);
  if (changed != seen.changed.end() && changed->second.value == text) text = changed->second.former;
  uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

void warn(Unit& unit, const Nat64Config& config, uint64_t there, const char* why) {
  const uint64_t needed = rounded(*config.max_flows * entries_of_flow(config));
  if (needed > there)
    unit.report.warnings.push_back("max-flows " + std::to_string(*config.max_flows) + " needs " +
                                   sysctl_name(kMost) + " = " + std::to_string(needed) + ", which is " +
                                   std::to_string(there) + ", " + why);
}

}  // namespace

void want_room(std::vector<Unit>& units, const std::vector<Nat64Config>& gateways, const Seen& seen) {
  const auto there = of_others(seen, kMost);
  if (!there) return;
  const uint64_t wanted = entries_of(gateways, seen);
  const bool fixed = seen.fixed.contains(kMost);
  for (size_t i = 0; i < gateways.size(); i++) {
    Unit& unit = units[i];
    const Nat64Config& config = gateways[i];
    if (unit.report.state != InstanceState::kOn) continue;
    const bool sets = config.manage_sysctls && !fixed;
    unit.report.max_flows = (sets ? std::max(*there, wanted) : *there) / entries_of_flow(config);
    if (config.max_flows && !sets)
      warn(unit, config, *there,
           fixed ? "and can be set in the initial network namespace alone" : "and manage-sysctls is false");
    if (!sets) continue;
    for (const char* path : {kBuckets, kMost})
      if (const auto now = of_others(seen, path); now && *now < wanted && !seen.fixed.contains(path))
        unit.resources.push_back(Sysctl{path, std::to_string(wanted)});
  }
}

}  // namespace ipxlat
