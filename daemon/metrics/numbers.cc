// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/metrics/numbers.h"

#include <linux/ipxlat.h>

#include <utility>

#include "lib/netlink.h"

namespace ipxlat::metrics {
namespace {

constexpr const char* kStates[] = {"on", "off", "failed"};

// Not "instance": so Prometheus calls whom it asks.
Family instance_states(const Numbers& numbers) {
  Family family{"ipxlat_instance_state", "", Type::kGauge, "Whether the instance is in this state"};
  for (const Instance& instance : numbers.instances)
    for (const char* state : kStates)
      family.samples.push_back({{{"name", instance.id}, {"state", state}}, instance.state == state});
  return family;
}

// One of the four counts, in both directions.
Family traffic(const Numbers& numbers, const char* name, const char* unit, const char* help,
               uint64_t Traffic::* count) {
  Family family{std::string("ipxlat_device_") + name + "_" + unit, unit, Type::kCounter, help};
  for (const DeviceStats& device : numbers.devices) {
    family.samples.push_back({{{"device", device.ifname}, {"direction", "to_v4"}}, device.to_v4.*count});
    family.samples.push_back({{{"device", device.ifname}, {"direction", "to_v6"}}, device.to_v6.*count});
  }
  return family;
}

Family drops(const Numbers& numbers) {
  Family family{"ipxlat_device_dropped_packets", "packets", Type::kCounter,
                "Packets that were not translated, by reason"};
  for (const DeviceStats& device : numbers.devices)
    for (const ReasonCounter& reason : device.reasons) {
      if (reason.id == IPXLAT_REASON_OK) continue;
      const auto add = [&](const char* direction, uint64_t count) {
        family.samples.push_back(
            {{{"device", device.ifname}, {"direction", direction}, {"reason", reason.name}}, count});
      };
      if (reason.to_v4) add("to_v4", *reason.to_v4);
      if (reason.to_v6) add("to_v6", *reason.to_v6);
      if (!reason.to_v4 && !reason.to_v6) add("none", reason.packets);
    }
  return family;
}

Family rule_counts(const Numbers& numbers, const char* unit, const char* help, uint64_t RuleCount::* count) {
  Family family{std::string("ipxlat_rule_") + unit, unit, Type::kCounter, help};
  for (const RuleCount& rule : numbers.rules)
    family.samples.push_back(
        {{{"name", rule.instance}, {"family", rule.family}, {"rule", rule.rule}}, rule.*count});
  return family;
}

Family single(const char* name, const char* unit, Type type, const char* help,
              std::optional<uint64_t> value) {
  Family family{name, unit, type, help};
  if (value) family.samples.push_back({{}, *value});
  return family;
}

template <class T>
std::optional<uint64_t> member(const std::optional<T>& of, uint64_t T::* which) {
  return of ? std::optional(*of.*which) : std::nullopt;
}

template <class T, class Into>
void keep(Result<T> read, Into& into, Numbers& numbers) {
  if (read)
    into = std::move(*read);
  else
    numbers.unread.push_back(read.error().text);
}

Result<std::vector<DeviceStats>> read_devices() {
  auto devices = NetlinkDevices::open();
  if (!devices) return devices.error();
  return (*devices)->list_stats();
}

}  // namespace

Numbers read_numbers(std::vector<Instance> instances, bool daemon_runs) {
  Numbers numbers;
  numbers.daemon_runs = daemon_runs;
  numbers.instances = std::move(instances);
  keep(read_devices(), numbers.devices, numbers);
  keep(read_rule_counts(), numbers.rules, numbers);
  numbers.table = read_connection_table();
  // to ask would load it
  if (numbers.table) keep(read_connection_losses(), numbers.losses, numbers);
  return numbers;
}

std::vector<Family> families(const Numbers& numbers) {
  return {
      single("ipxlat_daemon_running", "", Type::kGauge, "Whether ipxlatd runs in this network namespace",
             numbers.daemon_runs),
      instance_states(numbers),
      traffic(numbers, "in", "packets", "Packets that came to be translated", &Traffic::packets_in),
      traffic(numbers, "in", "bytes", "Bytes that came to be translated", &Traffic::bytes_in),
      traffic(numbers, "out", "packets", "Packets that were translated", &Traffic::packets_out),
      traffic(numbers, "out", "bytes", "Bytes that were translated", &Traffic::bytes_out),
      drops(numbers),
      rule_counts(numbers, "packets", "Packets that met an nftables rule of the instance",
                  &RuleCount::packets),
      rule_counts(numbers, "bytes", "Bytes that met an nftables rule of the instance", &RuleCount::bytes),
      single("ipxlat_conntrack_entries", "entries", Type::kGauge, "Entries of connection tracking",
             member(numbers.table, &ConnectionTable::entries)),
      single("ipxlat_conntrack_limit_entries", "entries", Type::kGauge,
             "Entries that connection tracking may have, 0 for any number",
             member(numbers.table, &ConnectionTable::limit)),
      single("ipxlat_conntrack_drop_packets", "packets", Type::kCounter,
             "Packets that were dropped for want of an entry",
             member(numbers.losses, &ConnectionLosses::drop)),
      single("ipxlat_conntrack_early_drop_entries", "entries", Type::kCounter,
             "Entries that made room for others in a full table",
             member(numbers.losses, &ConnectionLosses::early_drop)),
      single("ipxlat_conntrack_insert_failed_packets", "packets", Type::kCounter,
             "Packets that were dropped since another flow had their entry",
             member(numbers.losses, &ConnectionLosses::insert_failed)),
  };
}

}  // namespace ipxlat::metrics
