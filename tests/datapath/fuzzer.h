// SPDX-License-Identifier: GPL-2.0-only
// Sends mutated packets into arenas, disturbs these meanwhile, and keeps the accounts.
#ifndef IPXLAT_TESTS_DATAPATH_FUZZER_H
#define IPXLAT_TESTS_DATAPATH_FUZZER_H

#include <chrono>
#include <memory>
#include <optional>

#include "tests/datapath/corpus.h"
#include "tests/datapath/disturbance.h"
#include "tests/datapath/kernel_watch.h"
#include "tests/datapath/lane.h"

namespace ipxlat::test {

struct FuzzOptions {
  std::string vectors;  // their directory
  uint64_t seed = 0;
  uint64_t seconds = 60;  // time to run
  uint64_t first = 0;     // number of the first packet
  uint64_t packets = 0;   // how many; 0: as many as there is time for
  std::string source;     // the name of the only one to use; empty: all
  bool calm = false;      // disturb nothing
};

// Packet number N is the same in every run with the same seed, and so are its source and the configuration
// that its device is given; what the disturbance has done by then is not.
class Fuzzer {
 public:
  // std::runtime_error, here and below: the kernel refuses something that it must not.
  explicit Fuzzer(const FuzzOptions& options);

  // True if nothing was found. Says how it gets on every ten seconds, and last what became of the packets.
  bool run();

 private:
  using Clock = std::chrono::steady_clock;

  bool over(uint64_t number) const;
  void begin_epoch(uint64_t number);
  void inject(uint64_t number);
  bool found(uint64_t number);
  void tell_totals(uint64_t number) const;
  void tell_progress(uint64_t number);
  bool summarise() const;

  FuzzOptions options_;
  Corpus corpus_;
  KernelWatch kernel_;
  std::vector<std::unique_ptr<Arena>> arenas_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // one an arena
  std::optional<Disturbance> disturbance_;
  Clock::time_point begin_;
  Clock::time_point told_;
};

}  // namespace ipxlat::test

#endif
