// SPDX-License-Identifier: GPL-2.0-only
// An arena in use: which packets go in by which source, and what has become of them.
#ifndef IPXLAT_TESTS_DATAPATH_LANE_H
#define IPXLAT_TESTS_DATAPATH_LANE_H

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/devices.h"
#include "tests/datapath/corpus.h"
#include "tests/datapath/witness.h"

namespace ipxlat::test {

// Packets by what became of them, over all devices of a namespace, those that are gone included.
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

class Lane {
 public:
  struct Account {
    Source* source = nullptr;
    uint64_t injected = 0;
    uint64_t refused = 0;
  };

  // `source`: the name of the only one to use, or empty. std::runtime_error: there is none of that name.
  Lane(const Arena& arena, const Corpus& corpus, const std::string& source);

  // Configures the device anew and settles from which packets the next ones are made.
  void begin_epoch(Random& random);

  void inject(Random& random);

  // Brings the counters up to date.
  void collect();

  const Arena& arena() const { return arena_; }
  Witness& witness() { return witness_; }
  const Witness& witness() const { return witness_; }
  const Tally& tally() const { return tally_; }
  const std::vector<Account>& accounts() const { return accounts_; }

 private:
  const Arena& arena_;
  const Corpus& corpus_;
  std::unique_ptr<Devices> devices_;
  Witness witness_;
  Tally tally_;
  std::vector<Account> accounts_;
  const Corpus::Group* group_;
};

}  // namespace ipxlat::test

#endif
