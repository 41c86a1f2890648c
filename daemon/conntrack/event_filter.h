// SPDX-License-Identifier: GPL-2.0-only
// Which events of the connection tracker the kernel drops, so that others' flows wake nobody.
#ifndef IPXLAT_DAEMON_CONNTRACK_EVENT_FILTER_H
#define IPXLAT_DAEMON_CONNTRACK_EVENT_FILTER_H

#include <linux/filter.h>

#include <vector>

#include "lib/address.h"

namespace ipxlat::conntrack {

// A program for SO_ATTACH_FILTER. It passes flows of IPv6 that begin in `remote` or go there, and those of
// IPv4 of which the end that is translated is in `inside`, whoever began them.
std::vector<sock_filter> event_filter(const std::vector<Prefix6>& remote, const std::vector<Prefix4>& inside);

}  // namespace ipxlat::conntrack

#endif
