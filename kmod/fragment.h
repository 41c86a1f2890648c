/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_FRAGMENT_H
#define _IPXLAT_FRAGMENT_H

#include "packet.h"

/*
 * Hands on the translated IPv6 packet @packet->skb, which it consumes, in fragments of at most @mtu
 * bytes, in order. A packet that is a fragment already is cut further, evenly. OK; NO_MEMORY: then none of
 * the fragments left, and the skb is still the caller's; or BACKLOG, with the skb consumed.
 */
enum ipxlat_reason ipxlat_fragment(struct ipxlat_packet *packet, u32 mtu);

#endif
