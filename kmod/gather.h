/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fragments of an ICMP message are not translated (RFC 7915 1.2): the check of ICMPv6 covers the length of the
 * whole, which no fragment has. Linux puts them together, within the bounds and the time that the namespace has
 * for what waits, and the whole is a packet as any other. So are those of other datagrams that the stack has cut
 * just before.
 */
#ifndef _IPXLAT_GATHER_H
#define _IPXLAT_GATHER_H

#include "packet.h"

/*
 * Takes @packet->skb, a fragment that the core has read. If it was the last part that lacked, @packet->skb
 * is the whole, and the verdict the core's about that, with a plan. IPXLAT_MORE: it waits for the others.
 * ICMP_FRAGMENT, or of another protocol NO_MEMORY: it is none of a whole. Unless there is a whole,
 * @packet->skb may be NULL; the header that it had is @packet->plan.head then, and @packet->plan.header is
 * of it.
 */
enum ipxlat_reason ipxlat_gather(struct ipxlat_packet *packet);

#endif
