/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device was told: a value that the translating functions read.
 */
#ifndef _IPXLAT_CORE_CONFIG_H
#define _IPXLAT_CORE_CONFIG_H

#include "map.h"

IPXLAT_CORE_BEGIN

/* as in <linux/ipxlat.h>; a remote_prefix6 of length 0 is unset */
struct ipxlat_settings {
	struct ipxlat_prefix6 remote_prefix6;
	u32 lowest_ipv6_mtu;
	__be32 icmp_source4;
	u32 udp_zero_checksum;
};

struct ipxlat_config {
	struct ipxlat_settings settings;
	struct ipxlat_map map;
	bool remote_apart; /* no entry of the map meets remote_prefix6: for what is below it, do not look */
};

void ipxlat_settings_default(struct ipxlat_settings *settings);

/* NULL if they are allowed together, else the sentence that says why not */
const char *ipxlat_settings_refusal(const struct ipxlat_settings *settings);

/* to be called when the settings and the map are there; sets what follows from both */
void ipxlat_config_finish(struct ipxlat_config *config);

/* a device translates as soon as it has a way to write an address in the other family */
static inline bool ipxlat_config_usable(const struct ipxlat_config *config)
{
	return config->settings.remote_prefix6.length || config->map.count;
}

IPXLAT_CORE_END

#endif
