/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of one device, one set a CPU. Written with bottom halves off, read from anywhere.
 */
#ifndef _IPXLAT_STATS_H
#define _IPXLAT_STATS_H

#include <linux/if_link.h>
#include <linux/ipxlat.h>
#include <linux/u64_stats_sync.h>

struct ipxlat_stats {
	u64_stats_t reason[__IPXLAT_REASON_MAX];
	u64_stats_t tx_packets; /* into the device, before translation */
	u64_stats_t tx_bytes;   /* from the network header on, as below */
	u64_stats_t rx_packets; /* out of it, after */
	u64_stats_t rx_bytes;
	struct u64_stats_sync syncp;
};

struct ipxlat_stats __percpu *ipxlat_stats_alloc(void);
void ipxlat_stats_tx(struct ipxlat_stats __percpu *stats, unsigned int bytes);
void ipxlat_stats_rx(struct ipxlat_stats __percpu *stats, unsigned int bytes);
void ipxlat_stats_reason(struct ipxlat_stats __percpu *stats, enum ipxlat_reason reason);

/* packets by reason: out[__IPXLAT_REASON_MAX] */
void ipxlat_stats_reasons(struct ipxlat_stats __percpu *stats, u64 *out);
void ipxlat_stats_link(struct ipxlat_stats __percpu *stats, struct rtnl_link_stats64 *out);

#endif
