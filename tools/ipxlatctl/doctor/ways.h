// SPDX-License-Identifier: GPL-2.0-only
// The packets that a translator lives on, at each hook that they pass.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_WAYS_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_WAYS_H

#include <string>
#include <vector>

#include "tools/ipxlatctl/doctor/observed.h"
#include "tools/ipxlatctl/doctor/packet_walk.h"

namespace ipxlat::ctl::doctor {

struct Way {
  std::string what;  // "new IPv6 connections from eth0 to edge"
  Packet packet;
};

std::vector<Way> ways_of(const Translator& translator, const Observed& observed);

}  // namespace ipxlat::ctl::doctor

#endif
