// SPDX-License-Identifier: GPL-2.0-only
// IPv6 packets, whatever their bytes.
#include "tests/fuzz/packet_claims.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ipxlat::test::run_packet(ipxlat::Family::kIpv6, {data, size});
  return 0;
}
