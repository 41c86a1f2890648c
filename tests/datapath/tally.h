// SPDX-License-Identifier: GPL-2.0-only
// Packets by what became of them, over all devices of a namespace, those that are gone included.
#ifndef IPXLAT_TESTS_DATAPATH_TALLY_H
#define IPXLAT_TESTS_DATAPATH_TALLY_H

#include <map>
#include <string>

#include "lib/devices.h"

namespace ipxlat::test {

class Tally {
 public:
  // Adds what the devices have counted since the last time. What a device counts between that and its end
  // is lost.
  void collect(Devices& devices);

  const std::map<std::string, uint64_t>& by_reason() const { return total_; }
  uint64_t translated() const;
  uint64_t dropped() const;

 private:
  using Counters = std::map<std::string, uint64_t>;

  Counters total_;
  std::map<uint32_t, Counters> last_;  // by the devices' indices
};

}  // namespace ipxlat::test

#endif
