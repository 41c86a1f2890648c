// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/tally.h"

#include "kmod/core/reason.h"

namespace ipxlat::test {

void Tally::collect(Devices& devices) {
  auto all = devices.list_stats();
  if (!all) return;
  std::map<uint32_t, Counters> now;
  for (const DeviceStats& device : *all)
    for (const ReasonCounter& reason : device.reasons) {
      uint64_t before = last_[device.ifindex][reason.name];
      total_[reason.name] += reason.packets - (reason.packets >= before ? before : 0);
      now[device.ifindex][reason.name] = reason.packets;
    }
  last_ = std::move(now);
}

uint64_t Tally::translated() const {
  auto found = total_.find(ipxlat_reason_name(IPXLAT_REASON_OK));
  return found == total_.end() ? 0 : found->second;
}

uint64_t Tally::dropped() const {
  uint64_t all = 0;
  for (const auto& [name, packets] : total_) all += packets;
  return all - translated();
}

}  // namespace ipxlat::test
