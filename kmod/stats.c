// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <linux/netdevice.h>
#include <linux/percpu.h>

struct ipxlat_stats __percpu *ipxlat_stats_alloc(void)
{
	return netdev_alloc_pcpu_stats(struct ipxlat_stats);
}

void ipxlat_stats_tx(struct ipxlat_stats __percpu *stats, unsigned int bytes)
{
	struct ipxlat_stats *own = this_cpu_ptr(stats);

	u64_stats_update_begin(&own->syncp);
	u64_stats_inc(&own->tx_packets);
	u64_stats_add(&own->tx_bytes, bytes);
	u64_stats_update_end(&own->syncp);
}

void ipxlat_stats_rx(struct ipxlat_stats __percpu *stats, unsigned int bytes)
{
	struct ipxlat_stats *own = this_cpu_ptr(stats);

	u64_stats_update_begin(&own->syncp);
	u64_stats_inc(&own->rx_packets);
	u64_stats_add(&own->rx_bytes, bytes);
	u64_stats_update_end(&own->syncp);
}

void ipxlat_stats_reason(struct ipxlat_stats __percpu *stats, enum ipxlat_reason reason)
{
	struct ipxlat_stats *own = this_cpu_ptr(stats);

	u64_stats_update_begin(&own->syncp);
	u64_stats_inc(&own->reason[reason]);
	u64_stats_update_end(&own->syncp);
}

void ipxlat_stats_reasons(struct ipxlat_stats __percpu *stats, u64 *out)
{
	u64 part[__IPXLAT_REASON_MAX];
	unsigned int start, i;
	int cpu;

	memset(out, 0, sizeof(part));
	for_each_possible_cpu(cpu) {
		const struct ipxlat_stats *one = per_cpu_ptr(stats, cpu);

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			for (i = 0; i < __IPXLAT_REASON_MAX; i++)
				part[i] = u64_stats_read(&one->reason[i]);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		for (i = 0; i < __IPXLAT_REASON_MAX; i++)
			out[i] += part[i];
	}
}

/* What is not for a translator, such as multicast, is dropped but no error. */
static bool is_error(unsigned int reason)
{
	return reason != IPXLAT_REASON_OK && reason != IPXLAT_REASON_MULTICAST &&
	       reason != IPXLAT_REASON_LINK_LOCAL;
}

void ipxlat_stats_link(struct ipxlat_stats __percpu *stats, struct rtnl_link_stats64 *out)
{
	u64 reasons[__IPXLAT_REASON_MAX];
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct ipxlat_stats *one = per_cpu_ptr(stats, cpu);
		u64 rx_packets, rx_bytes, tx_packets, tx_bytes;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			rx_packets = u64_stats_read(&one->rx_packets);
			rx_bytes = u64_stats_read(&one->rx_bytes);
			tx_packets = u64_stats_read(&one->tx_packets);
			tx_bytes = u64_stats_read(&one->tx_bytes);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		out->rx_packets += rx_packets;
		out->rx_bytes += rx_bytes;
		out->tx_packets += tx_packets;
		out->tx_bytes += tx_bytes;
	}
	ipxlat_stats_reasons(stats, reasons);
	for (i = 0; i < __IPXLAT_REASON_MAX; i++)
		if (is_error(i))
			out->tx_dropped += reasons[i];
}
