// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/machine_secret.h"

#include <systemd/sd-id128.h>

#include <algorithm>
#include <stdexcept>

namespace ipxlat {
namespace {

// keeps this secret apart from what other programs make of the machine id
constexpr sd_id128_t kApplication =
    SD_ID128_MAKE(3d, 5e, 0c, 4b, 9a, 7f, 48, 21, b6, 30, 1d, 64, c1, a7, 0e, f2);

}  // namespace

SipKey machine_secret() {
  sd_id128_t id;
  if (sd_id128_get_machine_app_specific(kApplication, &id) < 0 &&
      sd_id128_get_boot_app_specific(kApplication, &id) < 0)
    throw std::runtime_error("there is neither /etc/machine-id nor a boot id");
  SipKey key;
  std::copy(std::begin(id.bytes), std::end(id.bytes), key.begin());
  return key;
}

}  // namespace ipxlat
