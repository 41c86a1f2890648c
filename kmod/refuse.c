// SPDX-License-Identifier: GPL-2.0-only
#include "refuse.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "core/answer.h"

/*
 * Whether icmp_send(), which says nothing about packets without a route, can answer this one. A hook at
 * ingress sent it here before anybody asked for a route; the way back does, as in nf_send_unreach().
 */
static bool ipxlat_has_route(struct sk_buff *skb)
{
	struct flowi4 way_back = {
		.flowi4_oif = l3mdev_master_ifindex(skb->dev),
		.daddr = ip_hdr(skb)->saddr,
	};
	struct rtable *route;

	if (skb_valid_dst(skb))
		return true;
	route = ip_route_output_key(dev_net(skb->dev), &way_back);
	if (IS_ERR(route))
		return false;
	skb_dst_drop(skb);
	skb_dst_set(skb, &route->dst);
	return true;
}

/* the *_ndo_send functions undo a NAT that stands in front of the device */
void ipxlat_refuse(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	const struct ipxlat_rewrite *plan = &packet->plan;
	struct ipxlat_answer answer;

	if (packet->to_v6) {
		if (ipxlat_answer_to_ipv4(plan, reason, packet->mtu, &answer) &&
		    ipxlat_has_route(packet->skb))
			icmp_ndo_send(packet->skb, answer.type, answer.code, htonl(answer.word));
	} else if (ipxlat_answer_to_ipv6(plan, reason, packet->mtu, &answer)) {
		icmpv6_ndo_send(packet->skb, answer.type, answer.code, answer.word);
	}
}
