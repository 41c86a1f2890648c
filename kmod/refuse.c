// SPDX-License-Identifier: GPL-2.0-only
#include "refuse.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>

#include "core/mtu.h"

/* RFC 7915 4.4; the *_ndo_send functions undo a NAT that stands in front of the device */
static void refuse4(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	struct sk_buff *skb = packet->skb;
	u32 mtu;

	switch (reason) {
	case IPXLAT_REASON_SOURCE_UNMAPPED:
	case IPXLAT_REASON_DESTINATION_UNMAPPED:
	case IPXLAT_REASON_UDP_ZERO_CHECKSUM:
	case IPXLAT_REASON_POLICY:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
		break;
	case IPXLAT_REASON_SOURCE_ROUTE:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
		break;
	case IPXLAT_REASON_NO_ROUTE:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
		break;
	case IPXLAT_REASON_TOO_BIG:
		mtu = ipxlat_mtu_to4(packet->mtu, packet->plan.header.fragment);
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		break;
	default:
		break;
	}
}

/* RFC 7915 5.4: an ICMPv6 message that is discarded is not answered; one that is too big is */
static void refuse6(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	bool icmp = packet->plan.header.protocol == IPPROTO_ICMPV6;
	struct sk_buff *skb = packet->skb;

	switch (reason) {
	case IPXLAT_REASON_SOURCE_UNMAPPED:
	case IPXLAT_REASON_DESTINATION_UNMAPPED:
		if (!icmp)
			icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED, 0);
		break;
	case IPXLAT_REASON_ROUTING_HEADER:
		icmpv6_ndo_send(skb, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD,
				packet->plan.header.pointer);
		break;
	case IPXLAT_REASON_POLICY:
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED, 0);
		break;
	case IPXLAT_REASON_NO_ROUTE:
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
		break;
	case IPXLAT_REASON_TOO_BIG:
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, ipxlat_mtu_to6(packet->mtu, 0));
		break;
	default:
		break;
	}
}

void ipxlat_refuse(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	if (packet->plan.icmp_error)
		return;
	if (packet->to_v6)
		refuse4(packet, reason);
	else
		refuse6(packet, reason);
}
