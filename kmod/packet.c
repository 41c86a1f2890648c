// SPDX-License-Identifier: GPL-2.0-only
#include "packet.h"

#include <linux/netdevice.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "identification.h"
#include "offload.h"

/* as much as the headers of most packets have: what is short of it is pulled once, not step by step */
#define USUAL_HEADERS (IPXLAT_HEADER6 + sizeof(struct tcphdr))

static enum ipxlat_reason plan_once(struct ipxlat_packet *packet, bool partial)
{
	struct sk_buff *skb = packet->skb;
	enum ipxlat_reason reason;

	do {
		struct ipxlat_input input = {
			.view = {
				.data = skb->data,
				.linear = skb_headlen(skb),
				.length = skb->len,
			},
			.gso_size = skb_is_gso(skb) ? skb_shinfo(skb)->gso_size : 0,
			.partial = partial,
		};

		if (packet->to_v6)
			reason = ipxlat_to_v6(packet->config, &input, &packet->plan);
		else
			reason = ipxlat_to_v4(packet->config, &input, &packet->plan);
	} while (unlikely(reason == IPXLAT_MORE) && pskb_may_pull(skb, packet->plan.need));

	return reason == IPXLAT_MORE ? IPXLAT_REASON_NO_MEMORY : reason;
}

/* whether what the hardware shall compute is the check of this packet's own transport header */
static bool partial_is_transport(const struct ipxlat_packet *packet)
{
	const struct ipxlat_header *header = &packet->plan.header;
	const struct sk_buff *skb = packet->skb;
	int offset;

	switch (header->protocol) {
	case IPPROTO_TCP:
		offset = offsetof(struct tcphdr, check);
		break;
	case IPPROTO_UDP:
		offset = offsetof(struct udphdr, check);
		break;
	default:
		return false;
	}
	return !header->offset && skb->csum_offset == offset &&
	       skb_checksum_start_offset(skb) == header->header_length;
}

/* a packet that the core has not seen */
static IPXLAT_APART enum ipxlat_reason no_plan(struct ipxlat_packet *packet,
					       enum ipxlat_reason reason)
{
	ipxlat_rewrite_init(&packet->plan);
	packet->plan.header = (struct ipxlat_header){};
	return reason;
}

/* a guest's word is where it is, and the network header may begin behind what it names */
static bool reaches_check(struct sk_buff *skb)
{
	int start = skb_checksum_start_offset(skb);

	return start >= 0 && pskb_may_pull(skb, start + skb->csum_offset + sizeof(__sum16));
}

/* a check further inside, or one that is made anew: have it computed and look again */
static IPXLAT_APART enum ipxlat_reason complete_check(struct ipxlat_packet *packet,
						      enum ipxlat_reason reason)
{
	if (skb_is_gso(packet->skb))
		return reason ? reason : IPXLAT_REASON_SEGMENTATION;
	if (!reaches_check(packet->skb) || skb_checksum_help(packet->skb))
		return reason ? reason : IPXLAT_REASON_BAD_TRANSPORT;
	return plan_once(packet, false);
}

enum ipxlat_reason ipxlat_packet_plan(struct ipxlat_packet *packet)
{
	bool partial = packet->skb->ip_summed == CHECKSUM_PARTIAL;
	struct sk_buff *skb = packet->skb;
	enum ipxlat_reason reason;

	/* a train has its headers in its head, and its segments where they must stay */
	if (skb_is_gso(skb)) {
		if (!ipxlat_offload_carries(skb))
			return no_plan(packet, IPXLAT_REASON_SEGMENTATION);
	} else if (!pskb_may_pull(skb, min_t(u32, skb->len, USUAL_HEADERS))) {
		return no_plan(packet, IPXLAT_REASON_NO_MEMORY);
	}
	reason = plan_once(packet, partial);
	if (!partial || partial_is_transport(packet))
		return reason;
	return complete_check(packet, reason);
}

static IPXLAT_APART bool expand(struct sk_buff *skb, int front, int back)
{
	front = ALIGN(max(front - (int)skb_headroom(skb), 0), NET_SKB_PAD);
	back = max(back - (int)skb_tailroom(skb), 0);
	return !pskb_expand_head(skb, front, back, GFP_ATOMIC);
}

/* the first @length bytes may be written, and @front bytes be put before and @back bytes behind */
static bool make_writable(struct sk_buff *skb, unsigned int length, int front, int back)
{
	bool shared = skb_cloned(skb) && (skb_is_gso(skb) || !skb_clone_writable(skb, length));

	if (likely(front <= (int)skb_headroom(skb) && back <= (int)skb_tailroom(skb) && !shared))
		return true;
	return expand(skb, front, back);
}

static bool has_other_end(const struct sk_buff *skb, const struct ipxlat_rewrite *plan)
{
	return plan->tail || plan->append || skb->len != plan->strip + plan->keep;
}

/* the end of an ICMP error: all of it was readable to be planned, and is linear when trimmed */
static IPXLAT_APART bool lay_out_end(struct sk_buff *skb, const struct ipxlat_rewrite *plan)
{
	unsigned int kept = plan->strip + plan->keep;
	unsigned int length = plan->strip + ipxlat_rewrite_rest(plan);
	u8 *at;

	if (pskb_trim(skb, plan->tail ? plan->tail_at + plan->tail : kept))
		return false;
	if (!plan->tail && !plan->append)
		return true;
	if (!make_writable(skb, skb->len, (int)plan->put - (int)plan->strip,
			   (int)length - (int)skb->len))
		return false;
	if (length > skb->len)
		skb_put(skb, length - skb->len);
	at = skb->data + kept;
	memmove(at + plan->pad, skb->data + plan->tail_at, plan->tail);
	memset(at, 0, plan->pad);
	memcpy(at + plan->pad + plan->tail, plan->added, plan->append);
	skb_trim(skb, length);
	return true;
}

static void patch(struct sk_buff *skb, const struct ipxlat_rewrite *plan)
{
	const struct ipxlat_patch *one = plan->patch;
	const struct ipxlat_patch *end = one + plan->patches;

	for (; one < end; one++)
		*(__be16 *)(skb->data + one->at) = one->value;
}

/* behind the new head */
static unsigned int changed_length(const struct ipxlat_rewrite *plan)
{
	if (plan->patches)
		return plan->patch[plan->patches - 1].at + sizeof(__be16);
	return plan->udp_compute ? sizeof(struct udphdr) : 0;
}

static void switch_gso(struct sk_buff *skb, bool to_v6)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (!(shinfo->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return;
	shinfo->gso_type &= ~(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_FIXEDID);
	shinfo->gso_type |= to_v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
}

/* RFC 7915 4.5: IPv6 wants a check, so it is computed over the whole datagram */
static IPXLAT_APART void compute_udp(struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct udphdr *udp = udp_hdr(skb);
	unsigned int length = ntohs(udp->len);
	__wsum sum = skb_checksum(skb, skb_transport_offset(skb), length, 0);

	udp->check = csum_ipv6_magic(&ip->saddr, &ip->daddr, length, IPPROTO_UDP, sum);
	if (!udp->check)
		udp->check = CSUM_MANGLED_0;
}

/*
 * A datagram that must not be fragmented needs none (RFC 6864 4.1), and a receiver merges those of a flow
 * best that have 0. The segments of a train have one each in any case.
 */
static void choose_id(struct ipxlat_packet *packet)
{
	struct sk_buff *skb = packet->skb;
	struct iphdr *ip = ip_hdr(skb);
	__be16 id;

	if (ip->frag_off & htons(IP_DF) && !skb_is_gso(skb))
		return;
	id = htons(ipxlat_identification_take(packet->identification, ip->daddr,
					      skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1));
	csum_replace2(&ip->check, ip->id, id);
	ip->id = id;
}

/* the lengths that a head usually has are copied without a loop */
static void put_head(struct sk_buff *skb, const struct ipxlat_rewrite *plan)
{
	u8 *to = __skb_push(skb, plan->put);

	switch (plan->put) {
	case IPXLAT_HEADER4:
		memcpy(to, plan->head, IPXLAT_HEADER4);
		break;
	case IPXLAT_HEADER6:
		memcpy(to, plan->head, IPXLAT_HEADER6);
		break;
	default:
		memcpy(to, plan->head, plan->put);
	}
}

enum ipxlat_reason ipxlat_packet_apply(struct ipxlat_packet *packet)
{
	const struct ipxlat_rewrite *plan = &packet->plan;
	struct sk_buff *skb = packet->skb;

	packet->applied = true;
	if (skb->ip_summed == CHECKSUM_COMPLETE || plan->icmp_error)
		skb->ip_summed = CHECKSUM_NONE;
	if (has_other_end(skb, plan) && !lay_out_end(skb, plan))
		return IPXLAT_REASON_NO_MEMORY;
	if (!make_writable(skb, plan->strip + changed_length(plan),
			   (int)plan->put - (int)plan->strip + IPXLAT_LINK_ROOM, 0))
		return IPXLAT_REASON_NO_MEMORY;

	__skb_pull(skb, plan->strip);
	patch(skb, plan);
	skb_reset_transport_header(skb);
	put_head(skb, plan);
	skb_reset_network_header(skb);
	if (plan->icmp_error)
		skb_set_transport_header(skb, packet->to_v6 ? IPXLAT_HEADER6 : IPXLAT_HEADER4);
	skb->protocol = packet->to_v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	if (skb_is_gso(skb))
		switch_gso(skb, packet->to_v6);
	if (plan->udp_compute)
		compute_udp(skb);
	if (plan->wants_id)
		choose_id(packet);
	return IPXLAT_REASON_OK;
}
