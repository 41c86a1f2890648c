// SPDX-License-Identifier: GPL-2.0-only
// Things that happen to an arena while packets are on their way.
#ifndef IPXLAT_TESTS_DATAPATH_UPHEAVAL_H
#define IPXLAT_TESTS_DATAPATH_UPHEAVAL_H

#include <memory>

#include "lib/devices.h"
#include "tests/datapath/arena.h"
#include "tests/datapath/corpus.h"
#include "tests/datapath/interfaces.h"
#include "tests/datapath/netlink_noise.h"
#include "tests/datapath/random.h"
#include "tests/datapath/repairer.h"

namespace ipxlat::test {

class Upheaval {
 public:
  // std::runtime_error.
  Upheaval(const Arena& arena, const Corpus& corpus);

  // One thing more. What it takes away is there again after one of the next steps.
  void step(Random& random);

 private:
  struct Kind;
  static const Kind kKinds[];

  void send_noise(Random& random);
  void change_settings(Random& random);
  void change_mtu(Random& random);
  void turn_off_and_on(Random& random);
  void toggle_offload(Random& random);
  void toggle_sysctl(Random& random);
  void toggle_trace(Random& random);
  void flush_routes(Random& random);
  void change_vrf(Random& random);
  void replace_others(Random& random);
  void move_device(Random& random);
  void delete_device(Random& random);
  void end_namespace(Random& random);
  void outlive_namespace(Random& random);

  const Arena& arena_;
  const Corpus& corpus_;
  Repairer repairer_;
  Interfaces interfaces_;
  std::unique_ptr<Devices> devices_;
  NetlinkNoise noise_;
  bool broken_ = false;  // something is to be repaired
};

}  // namespace ipxlat::test

#endif
