// SPDX-License-Identifier: GPL-2.0-only
#include "refuse.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>

#include "core/answer.h"

/* the *_ndo_send functions undo a NAT that stands in front of the device */
void ipxlat_refuse(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	const struct ipxlat_rewrite *plan = &packet->plan;
	struct ipxlat_answer answer;

	if (packet->to_v6) {
		if (ipxlat_answer_to_ipv4(plan, reason, packet->mtu, &answer))
			icmp_ndo_send(packet->skb, answer.type, answer.code, htonl(answer.word));
	} else if (ipxlat_answer_to_ipv6(plan, reason, packet->mtu, &answer)) {
		icmpv6_ndo_send(packet->skb, answer.type, answer.code, answer.word);
	}
}
