// SPDX-License-Identifier: GPL-2.0-only
// What there is to count in this network namespace, and the metrics that are made of it.
#ifndef IPXLAT_DAEMON_METRICS_NUMBERS_H
#define IPXLAT_DAEMON_METRICS_NUMBERS_H

#include <optional>
#include <string>
#include <vector>

#include "daemon/metrics/family.h"
#include "daemon/metrics/rule_counts.h"
#include "lib/connection_table.h"
#include "lib/messages.h"

namespace ipxlat::metrics {

struct Instance {
  std::string id;     // "nat64.edge", "clat.home/eth0"
  std::string state;  // "on", "off", "failed"
};

// What could not be read is absent, or empty.
struct Numbers {
  bool daemon_runs = false;
  std::vector<Instance> instances{};
  std::vector<DeviceStats> devices{};
  std::vector<RuleCount> rules{};
  std::optional<ConnectionTable> table{};
  std::optional<ConnectionLosses> losses{};
  std::vector<std::string> unread{};  // why, a sentence each
};

// Reads all but the instances, on sockets of its own: any thread may.
Numbers read_numbers(std::vector<Instance> instances, bool daemon_runs);

// Always the same ones, in the same order.
std::vector<Family> families(const Numbers& numbers);

}  // namespace ipxlat::metrics

#endif
