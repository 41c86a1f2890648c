// SPDX-License-Identifier: GPL-2.0-only
#include "packet.h"

#include <linux/netdevice.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

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
	} while (reason == IPXLAT_MORE && pskb_may_pull(skb, packet->plan.need));

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

enum ipxlat_reason ipxlat_packet_plan(struct ipxlat_packet *packet)
{
	bool partial = packet->skb->ip_summed == CHECKSUM_PARTIAL;
	enum ipxlat_reason reason;

	reason = plan_once(packet, partial);
	if (!partial || partial_is_transport(packet))
		return reason;
	/* a check further inside, or one we rebuild: have it computed and look again */
	if (skb_is_gso(packet->skb))
		return reason ? reason : IPXLAT_REASON_SEGMENTATION;
	if (skb_checksum_help(packet->skb))
		return reason ? reason : IPXLAT_REASON_BAD_TRANSPORT;
	return plan_once(packet, false);
}

/* the first @length bytes may be written, and @front bytes be put before and @back bytes behind */
static bool make_writable(struct sk_buff *skb, unsigned int length, int front, int back)
{
	bool shared = skb_cloned(skb) && (skb_is_gso(skb) || !skb_clone_writable(skb, length));

	front = max(front - (int)skb_headroom(skb), 0);
	back = max(back - (int)skb_tailroom(skb), 0);
	if (!front && !back && !shared)
		return true;
	return !pskb_expand_head(skb, ALIGN(front, NET_SKB_PAD), back, GFP_ATOMIC);
}

/* the end of an ICMP error: all of it was readable to be planned, and is linear when trimmed */
static bool lay_out_end(struct sk_buff *skb, const struct ipxlat_rewrite *plan)
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
	unsigned int i;

	for (i = 0; i < plan->patches; i++)
		memcpy(skb->data + plan->patch[i].at, &plan->patch[i].value, sizeof(__be16));
}

static unsigned int patched_length(const struct ipxlat_rewrite *plan)
{
	unsigned int end = plan->udp_compute ? sizeof(struct udphdr) : 0;
	unsigned int i;

	for (i = 0; i < plan->patches; i++)
		end = max_t(unsigned int, end, plan->patch[i].at + sizeof(__be16));
	return end;
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
static void compute_udp(struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct udphdr *udp = udp_hdr(skb);
	unsigned int length = ntohs(udp->len);
	__wsum sum = skb_checksum(skb, skb_transport_offset(skb), length, 0);

	udp->check = csum_ipv6_magic(&ip->saddr, &ip->daddr, length, IPPROTO_UDP, sum);
	if (!udp->check)
		udp->check = CSUM_MANGLED_0;
}

static void choose_id(struct ipxlat_packet *packet)
{
	struct sk_buff *skb = packet->skb;
	struct iphdr *ip = ip_hdr(skb);

	__ip_select_ident(dev_net(skb->dev), ip, skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1);
	ip_send_check(ip);
}

enum ipxlat_reason ipxlat_packet_apply(struct ipxlat_packet *packet)
{
	const struct ipxlat_rewrite *plan = &packet->plan;
	struct sk_buff *skb = packet->skb;

	if (skb->ip_summed == CHECKSUM_COMPLETE || plan->icmp_error)
		skb->ip_summed = CHECKSUM_NONE;
	if (!lay_out_end(skb, plan) || !make_writable(skb, plan->strip + patched_length(plan),
						      (int)plan->put - (int)plan->strip, 0))
		return IPXLAT_REASON_NO_MEMORY;

	__skb_pull(skb, plan->strip);
	patch(skb, plan);
	skb_reset_transport_header(skb);
	memcpy(__skb_push(skb, plan->put), plan->head, plan->put);
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
