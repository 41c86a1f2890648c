/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a device, and what it does with a packet.
 */
#ifndef _IPXLAT_DEVICE_H
#define _IPXLAT_DEVICE_H

#include <linux/netdevice.h>

#include "config.h"
#include "identification.h"
#include "output.h"
#include "stats.h"

struct ipxlat_device {
	struct ipxlat_slot slot;
	struct ipxlat_stats __percpu *stats;
	struct ipxlat_routes routes;
	struct ipxlat_identification identification;
};

/* rtnl_link_ops.setup */
void ipxlat_device_setup(struct net_device *dev);

bool ipxlat_device_is(const struct net_device *dev);

#endif
