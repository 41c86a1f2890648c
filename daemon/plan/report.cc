// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/report.h"

namespace ipxlat {

const char* word(InstanceState state) {
  switch (state) {
    case InstanceState::kOn:
      return "on";
    case InstanceState::kOff:
      return "off";
    case InstanceState::kFailed:
      return "failed";
  }
  return "";
}

}  // namespace ipxlat
