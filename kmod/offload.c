// SPDX-License-Identifier: GPL-2.0-only
#include "offload.h"

/* in a train as in its features, but for DODGY, which says that a guest made it */
bool ipxlat_offload_carries(const struct sk_buff *skb)
{
	return net_gso_ok(IPXLAT_FEATURES | NETIF_F_GSO_ROBUST, skb_shinfo(skb)->gso_type);
}

struct sk_buff *ipxlat_offload_segment(struct sk_buff *skb)
{
	struct sk_buff *segments;

	segments = skb_gso_segment(skb, skb->dev->features & ~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segments))
		return NULL;
	consume_skb(skb);
	return segments;
}
