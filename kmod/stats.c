// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <linux/netdevice.h>

struct ipxlat_stats __percpu *ipxlat_stats_alloc(void)
{
	return netdev_alloc_pcpu_stats(struct ipxlat_stats);
}

void ipxlat_stats_not_ip(struct ipxlat_stats __percpu *stats, u32 bytes_in)
{
	struct ipxlat_stats *own = this_cpu_ptr(stats);

	u64_stats_update_begin(&own->syncp);
	u64_stats_inc(&own->not_ip);
	u64_stats_add(&own->not_ip_bytes, bytes_in);
	u64_stats_update_end(&own->syncp);
}

/* @counter, which is one of @stats, on all CPUs */
static u64 total(struct ipxlat_stats __percpu *stats, const u64_stats_t __percpu *counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct u64_stats_sync *syncp = per_cpu_ptr(&stats->syncp, cpu);
		unsigned int start;
		u64 part;

		do {
			start = u64_stats_fetch_begin(syncp);
			part = u64_stats_read(per_cpu_ptr(counter, cpu));
		} while (u64_stats_fetch_retry(syncp, start));
		sum += part;
	}
	return sum;
}

void ipxlat_stats_read(struct ipxlat_stats __percpu *stats, struct ipxlat_stats_sum *sum)
{
	unsigned int to_v6, i;

	for (to_v6 = 0; to_v6 < 2; to_v6++) {
		struct ipxlat_direction __percpu *direction = &stats->direction[to_v6];
		struct ipxlat_direction_sum *out = &sum->direction[to_v6];

		out->bytes_in = total(stats, &direction->bytes_in);
		out->packets_out = total(stats, &direction->packets_out);
		out->bytes_out = total(stats, &direction->bytes_out);
		out->packets_in = 0;
		for (i = 0; i < __IPXLAT_REASON_MAX; i++) {
			out->reason[i] = total(stats, &direction->reason[i]);
			out->packets_in += out->reason[i];
		}
	}
	sum->not_ip = total(stats, &stats->not_ip);
	sum->not_ip_bytes = total(stats, &stats->not_ip_bytes);
}

/* What is not for a translator, such as multicast, is dropped but no error. */
static bool is_error(unsigned int reason)
{
	return reason != IPXLAT_REASON_OK && reason != IPXLAT_REASON_MULTICAST &&
	       reason != IPXLAT_REASON_LINK_LOCAL;
}

void ipxlat_stats_link(struct ipxlat_stats __percpu *stats, struct rtnl_link_stats64 *out)
{
	struct ipxlat_stats_sum sum;
	unsigned int to_v6, i;

	ipxlat_stats_read(stats, &sum);
	out->tx_packets = sum.not_ip;
	out->tx_dropped = sum.not_ip;
	out->tx_bytes = sum.not_ip_bytes;
	for (to_v6 = 0; to_v6 < 2; to_v6++) {
		const struct ipxlat_direction_sum *direction = &sum.direction[to_v6];

		out->tx_packets += direction->packets_in;
		out->tx_bytes += direction->bytes_in;
		out->rx_packets += direction->packets_out;
		out->rx_bytes += direction->bytes_out;
		for (i = 0; i < __IPXLAT_REASON_MAX; i++)
			if (is_error(i))
				out->tx_dropped += direction->reason[i];
	}
}
