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

// An instance whose flows are tracked.
struct Keeper {
  Unit* unit;
  uint64_t entries;  // of each flow
  std::optional<uint32_t> flows;
  bool manages;
};

// With an entry on either side of the device.
uint64_t entries_of_flow(const Nat64Config& config) {
  const bool offloads4 = config.flowtable && !config.uplinks.empty();
  return config.mode == Nat64Mode::kMasquerade || offloads4 ? 2 : 1;
}

std::vector<Keeper> keepers(std::vector<Unit>& units, const Config& config) {
  std::vector<Keeper> all;
  const auto unit_of = [&](const std::string& instance) {
    return &*std::ranges::find(units, instance, &Unit::instance);
  };
  for (const auto& one : config.nat64)
    all.push_back({unit_of("nat64." + one.name), entries_of_flow(one), one.max_flows, one.manage_sysctls});
  for (const auto& one : config.siit)
    if (!one.flowtable_links.empty()) all.push_back({unit_of("siit." + one.name), 2, {}, one.manage_sysctls});
  return all;
}

uint64_t default_entries(const Seen& seen) {
  return std::min(rounded(seen.memory / kShare / kEntryBytes), kDefaultMost);
}

// Of all that may set it, so that each wants the same.
uint64_t entries_of(const std::vector<Keeper>& all, const Seen& seen) {
  uint64_t said = 0, unsaid = 0;
  for (const auto& one : all) {
    if (!one.manages) continue;
    if (one.flows)
      said += *one.flows * one.entries;
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

void warn(const Keeper& keeper, uint64_t there, const char* why) {
  const uint64_t needed = rounded(*keeper.flows * keeper.entries);
  if (needed > there)
    keeper.unit->report.warnings.push_back("max-flows " + std::to_string(*keeper.flows) + " needs " +
                                           sysctl_name(kMost) + " = " + std::to_string(needed) +
                                           ", which is " + std::to_string(there) + ", " + why);
}

}  // namespace

void want_room(std::vector<Unit>& units, const Config& config, const Seen& seen) {
  const auto there = of_others(seen, kMost);
  if (!there) return;
  const auto all = keepers(units, config);
  const uint64_t wanted = entries_of(all, seen);
  const bool fixed = seen.fixed.contains(kMost);
  for (const auto& keeper : all) {
    Report& report = keeper.unit->report;
    if (report.state != InstanceState::kOn) continue;
    const bool sets = keeper.manages && !fixed;
    report.max_flows = (sets ? std::max(*there, wanted) : *there) / keeper.entries;
    if (keeper.flows && !sets)
      warn(keeper, *there,
           fixed ? "and can be set in the initial network namespace alone" : "and manage-sysctls is false");
    if (!sets) continue;
    for (const char* path : {kBuckets, kMost})
      if (const auto now = of_others(seen, path); now && *now < wanted && !seen.fixed.contains(path))
        keeper.unit->resources.push_back(Sysctl{path, std::to_string(wanted)});
  }
}

}  // namespace ipxlat
