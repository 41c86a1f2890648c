/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One skb on its way through the device, and the plan for it.
 */
#ifndef _IPXLAT_PACKET_H
#define _IPXLAT_PACKET_H

#include <linux/skbuff.h>

#include "core/rewrite.h"

struct ipxlat_identification;
struct ipxlat_routes;
struct ipxlat_stats;

struct ipxlat_packet {
	const struct ipxlat_config *config;
	struct ipxlat_stats __percpu *stats; /* of the device */
	struct ipxlat_routes *routes;
	const struct ipxlat_identification *identification;
	struct net_device *dev;
	struct sk_buff *skb;   /* NULL when it has been handed on */
	struct dst_entry *dst; /* way out of a packet of this host; a reference */
	u32 mtu;               /* of that way, or with TOO_BIG; in the new family */
	u32 cut_at; /* in IPv6, the length of what was the longest fragment, if it came in such */
	u32 packets_out; /* more than one after fragmentation */
	u32 bytes_out;
	bool to_v6;
	bool local;   /* this host created it */
	bool applied; /* the skb is no more as it came */
	struct ipxlat_rewrite plan;
};

/*
 * Bytes in front of a translated packet, as those from an Ethernet have: a flowtable that hands it on puts a link-layer
 * header there and does not ask (neigh_xmit() in nf_flow_table_ip.c). Ethernet, two VLAN tags and PPPoE take 30.
 */
#define IPXLAT_LINK_ROOM 32

/* bytes of the translated packet on the wire, or of each of its segments; before fragmentation */
static inline u32 ipxlat_packet_wire_length(const struct ipxlat_packet *packet)
{
	return packet->plan.put + packet->plan.segment;
}

/* Fills @packet->plan. May move the data. */
enum ipxlat_reason ipxlat_packet_plan(struct ipxlat_packet *packet);

/* Carries the plan out: the skb is then of the other family. On failure the skb is spoiled. */
enum ipxlat_reason ipxlat_packet_apply(struct ipxlat_packet *packet);

#endif
