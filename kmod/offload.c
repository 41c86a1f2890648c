// SPDX-License-Identifier: GPL-2.0-only
#include "offload.h"

#include "compat.h"

struct sk_buff *ipxlat_offload_segment(struct sk_buff *skb)
{
	struct sk_buff *segments;

	segments = skb_gso_segment(skb, skb->dev->features & ~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segments))
		return NULL;
	consume_skb(skb);
	return segments;
}
