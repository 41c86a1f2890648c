// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/systemd.h"

#include <systemd/sd-daemon.h>

namespace ipxlat {

void tell_systemd(const std::string& assignments) { sd_notify(0, assignments.c_str()); }

}  // namespace ipxlat
