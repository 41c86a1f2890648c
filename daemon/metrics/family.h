// SPDX-License-Identifier: GPL-2.0-only
// Metrics as values: what they are called, and their text.
#ifndef IPXLAT_DAEMON_METRICS_FAMILY_H
#define IPXLAT_DAEMON_METRICS_FAMILY_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ipxlat::metrics {

enum class Type { kCounter, kGauge };

struct Sample {
  std::vector<std::pair<std::string, std::string>> labels;  // name and value
  uint64_t value = 0;
};

struct Family {
  std::string name;  // ends in _UNIT, if it has one; without the _total of counters
  std::string unit;
  Type type = Type::kCounter;
  std::string help;  // a sentence without a full stop
  std::vector<Sample> samples{};

  // The name of its samples.
  std::string sample_name() const { return type == Type::kCounter ? name + "_total" : name; }
};

// OpenMetrics 1.0.
std::string openmetrics(const std::vector<Family>& families);

}  // namespace ipxlat::metrics

#endif
