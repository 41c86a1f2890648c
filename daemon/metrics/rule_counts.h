// SPDX-License-Identifier: GPL-2.0-only
// Counters of the rules that ipxlatd made in this network namespace.
#ifndef IPXLAT_DAEMON_METRICS_RULE_COUNTS_H
#define IPXLAT_DAEMON_METRICS_RULE_COUNTS_H

#include <cstdint>
#include <string>
#include <vector>

#include "lib/result.h"

namespace ipxlat::metrics {

struct RuleCount {
  std::string instance;  // "nat64.edge"
  std::string family;    // "ip", "ip6"
  std::string rule;      // its comment
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

// Those that have a counter, in the order of their tables; rules of one instance, family and comment are one.
// EPERM without CAP_NET_ADMIN.
Result<std::vector<RuleCount>> read_rule_counts();

}  // namespace ipxlat::metrics

#endif
