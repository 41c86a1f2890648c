/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of one device, one set a CPU. Written with bottom halves off, read from anywhere.
 *
 * Each packet that goes into the device is counted by exactly one call, when it has left or is freed;
 * of a train that is segmented here each segment is, and of an ICMP message that came in fragments the
 * whole. Bytes count from the network header on.
 */
#ifndef _IPXLAT_STATS_H
#define _IPXLAT_STATS_H

#include <linux/if_link.h>
#include <linux/ipxlat.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

/* of one direction; what a translated packet touches stands in one line of the cache */
struct ipxlat_direction {
	u64_stats_t bytes_in;
	u64_stats_t packets_out; /* differs from reason[OK] by fragments */
	u64_stats_t bytes_out;
	u64_stats_t reason[__IPXLAT_REASON_MAX]; /* packets in */
} ____cacheline_aligned;

struct ipxlat_stats {
	struct ipxlat_direction direction[2]; /* [to_v6] */
	u64_stats_t not_ip;                   /* packets with NOT_IP, which have no direction */
	u64_stats_t not_ip_bytes;
	struct u64_stats_sync syncp;
};

/* all CPUs together; the fields are those of struct ipxlat_direction, and the sum of the reasons */
struct ipxlat_direction_sum {
	u64 packets_in;
	u64 bytes_in;
	u64 packets_out;
	u64 bytes_out;
	u64 reason[__IPXLAT_REASON_MAX];
};

struct ipxlat_stats_sum {
	struct ipxlat_direction_sum direction[2];
	u64 not_ip;
	u64 not_ip_bytes;
};

struct ipxlat_stats __percpu *ipxlat_stats_alloc(void);

/*
 * One packet came in, @reason is what became of it, not NOT_IP, and @packets_out of it went out: more than
 * one if it was fragmented, and fewer than all where the backlog took the first fragments only.
 */
static inline void ipxlat_stats_packet(struct ipxlat_stats __percpu *stats, bool to_v6,
				       enum ipxlat_reason reason, u32 bytes_in, u32 packets_out,
				       u32 bytes_out)
{
	struct ipxlat_stats *own = this_cpu_ptr(stats);
	struct ipxlat_direction *direction = &own->direction[to_v6];

	u64_stats_update_begin(&own->syncp);
	u64_stats_add(&direction->bytes_in, bytes_in);
	u64_stats_add(&direction->packets_out, packets_out);
	u64_stats_add(&direction->bytes_out, bytes_out);
	u64_stats_inc(&direction->reason[reason]);
	u64_stats_update_end(&own->syncp);
}

void ipxlat_stats_not_ip(struct ipxlat_stats __percpu *stats, u32 bytes_in);

void ipxlat_stats_read(struct ipxlat_stats __percpu *stats, struct ipxlat_stats_sum *sum);

/* tx is what went into the device, rx what came out of it */
void ipxlat_stats_link(struct ipxlat_stats __percpu *stats, struct rtnl_link_stats64 *out);

#endif
