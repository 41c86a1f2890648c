/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_OFFLOAD_H
#define _IPXLAT_OFFLOAD_H

#include <linux/netdevice.h>

/* what may come into the device still whole; the stack cuts or completes the rest before */
#define IPXLAT_FEATURES \
	(NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_HIGHDMA | NETIF_F_TSO | NETIF_F_TSO_ECN | \
	 NETIF_F_TSO6 | NETIF_F_GSO_UDP_L4)

/* The segments of @skb as a list, with @skb consumed; or NULL, with @skb still the caller's. */
struct sk_buff *ipxlat_offload_segment(struct sk_buff *skb);

#endif
