// SPDX-License-Identifier: GPL-2.0-only
/*
 * RFC 7915 4.1: an IPv4 packet without DF that outgrows the lowest IPv6 MTU is fragmented here, with
 * the identification that its sender chose. It is cut after translation, so that checks which cover
 * the whole datagram are right in its first fragment.
 */
#include "fragment.h"

#include <linux/netdevice.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "core/mtu.h"
#include "output.h"

static void copy_metadata(struct sk_buff *to, struct sk_buff *from)
{
	to->dev = from->dev;
	to->skb_iif = from->skb_iif;
	to->protocol = from->protocol;
	to->priority = from->priority;
	to->mark = from->mark;
	skb_copy_hash(to, from);
	skb_copy_secmark(to, from);
	if (from->sk && !skb_sk_is_prefetched(from))
		skb_set_owner_w(to, from->sk);
}

/* @header: 40 bytes and a Fragment header; @size bytes of @from at @at follow it */
static struct sk_buff *cut(struct sk_buff *from, const u8 *header, unsigned int at,
			   unsigned int size)
{
	const unsigned int head = sizeof(struct ipv6hdr) + sizeof(struct frag_hdr);
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + head + size, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb_reset_network_header(skb);
	skb_put_data(skb, header, head);
	skb_set_transport_header(skb, head);
	ipv6_hdr(skb)->payload_len = htons(sizeof(struct frag_hdr) + size);
	if (skb_copy_bits(from, at, skb_put(skb, size), size)) {
		kfree_skb(skb);
		return NULL;
	}
	copy_metadata(skb, from);
	return skb;
}

/* the header that all fragments share, but for offset and the more flag */
static struct frag_hdr *template(struct ipxlat_packet *packet, u8 *header)
{
	const struct ipxlat_header *old = &packet->plan.header;
	struct ipv6hdr *ip = (struct ipv6hdr *)header;
	struct frag_hdr *fragment = (struct frag_hdr *)(ip + 1);

	memcpy(header, packet->plan.head, packet->plan.put);
	if (!old->fragment) {
		fragment->nexthdr = ip->nexthdr;
		fragment->reserved = 0;
		fragment->identification = htonl(old->id);
		ip->nexthdr = NEXTHDR_FRAGMENT;
	}
	return fragment;
}

enum ipxlat_reason ipxlat_fragment(struct ipxlat_packet *packet, u32 mtu)
{
	u8 header[sizeof(struct ipv6hdr) + sizeof(struct frag_hdr)] __aligned(8);
	const struct ipxlat_header *old = &packet->plan.header;
	u32 total = ipxlat_rewrite_rest(&packet->plan);
	u32 most = ipxlat_mtu_fragment_payload(mtu, total, old->fragment);
	struct sk_buff *skb = packet->skb;
	enum ipxlat_reason reason = IPXLAT_REASON_OK;
	struct frag_hdr *fragment;
	struct sk_buff_head list;
	struct sk_buff *one;
	u32 at, size;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return IPXLAT_REASON_NO_MEMORY;
	fragment = template(packet, header);
	__skb_queue_head_init(&list);
	for (at = 0; at < total; at += size) {
		bool more;

		size = min(most, total - at);
		more = old->more || at + size < total;
		fragment->frag_off = htons((old->offset + at) | (more ? IP6_MF : 0));
		one = cut(skb, header, packet->plan.put + at, size);
		if (!one) {
			__skb_queue_purge(&list);
			return IPXLAT_REASON_NO_MEMORY;
		}
		__skb_queue_tail(&list, one);
	}
	consume_skb(skb);
	packet->skb = NULL;
	while (!reason && (one = __skb_dequeue(&list)))
		reason = ipxlat_output(packet, one);
	__skb_queue_purge(&list); /* a datagram that has lost a part is lost */
	return reason;
}
