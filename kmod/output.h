/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two ways on for a translated packet.
 */
#ifndef _IPXLAT_OUTPUT_H
#define _IPXLAT_OUTPUT_H

#include <net/dst_cache.h>

#include "packet.h"

struct ipxlat_route_key;

/*
 * The last way out of each CPU, one a family. It holds on to the namespace and the links that it leads
 * through, so it is kept only while the device is up: a device is down whenever it changes its place.
 */
struct ipxlat_routes {
	struct dst_cache cache[2];
	struct ipxlat_route_key __percpu *keys;
};

int ipxlat_routes_init(struct ipxlat_routes *routes);

/* no packet may be on its way */
void ipxlat_routes_forget(struct ipxlat_routes *routes);
void ipxlat_routes_destroy(struct ipxlat_routes *routes);

/*
 * Finds the way out of a packet of this host from its plan: fills @packet->dst and @packet->mtu. OK,
 * NO_ROUTE, POLICY or LOOP.
 */
enum ipxlat_reason ipxlat_output_route(struct ipxlat_packet *packet);

/*
 * Hands the translated @skb, which it consumes, to the stack, and counts it in @packet. OK, or BACKLOG: the
 * stack has dropped it.
 */
enum ipxlat_reason ipxlat_output(struct ipxlat_packet *packet, struct sk_buff *skb);

/*
 * RFC 7915 4.2, 5.2: an MTU in a translated ICMP error is bounded by the links on both sides. Asked for
 * such errors only, as it takes a route look-up.
 */
void ipxlat_output_limit_mtu(struct ipxlat_packet *packet);

#endif
