// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/packet_target.h"

#include "tests/fuzz/claim.h"
#include "tests/fuzz/packet_claims.h"

namespace ipxlat::test {

void run_packet(Family family, View input) {
  static const std::vector<Device> kDevices = read_devices();
  auto one = read_case(kDevices, family, input);
  if (one) hold([&] { claim_packet(*one); }, [&] { return describe(*one); });
}

}  // namespace ipxlat::test
