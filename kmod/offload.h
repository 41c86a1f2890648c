/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_OFFLOAD_H
#define _IPXLAT_OFFLOAD_H

#include <linux/netdevice.h>

#include "compat.h"

/*
 * What may come into the device still whole; the stack cuts or completes the rest before. A train may be
 * long enough to need a list of fragments, and its segments may have one identification.
 */
#define IPXLAT_FEATURES \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | NETIF_F_HIGHDMA | NETIF_F_TSO | \
	 NETIF_F_TSO_ECN | NETIF_F_TSO_MANGLEID | NETIF_F_TSO6 | NETIF_F_GSO_UDP_L4 | \
	 IPXLAT_COMPAT_GSO_ACCECN)

/*
 * There are no VLANs on the device. A tag that comes with a packet stays beside it, where it is seen; the stack
 * would put it into what it believes to be a link-layer header.
 */
#define IPXLAT_FIXED_FEATURES \
	(NETIF_F_VLAN_CHALLENGED | NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/* whether @skb, a train, is of a kind that the features above name; redirection by XDP does not ask */
bool ipxlat_offload_carries(const struct sk_buff *skb);

/* The segments of @skb as a list, with @skb consumed; or NULL, with @skb still the caller's. */
struct sk_buff *ipxlat_offload_segment(struct sk_buff *skb);

#endif
