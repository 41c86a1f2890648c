// SPDX-License-Identifier: GPL-2.0-only
#include "gather.h"

#include <linux/netdevice.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <net/ip.h>

#include "compat.h"
#include "core/mtu.h"

/* Linux counts the users of its queues from 0. What goes into another device is another packet. */
static u32 user_of(const struct net_device *dev)
{
	return BIT(31) | dev->ifindex;
}

/*
 * Both give 0, and @skb is the whole, or -EINPROGRESS, and it waits. With another error it is gone in IPv4, and
 * in IPv6 still the caller's. They want an empty control block, as an error about what never becomes whole
 * has its options from there.
 */
static int gather4(struct net *net, struct sk_buff *skb, u32 user)
{
	int err;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	err = ip_defrag(net, skb, user);
	if (err)
		return err;
	/* Its parts may have had DF, but the whole has to be cut again. */
	ip_hdr(skb)->frag_off = 0;
	ip_send_check(ip_hdr(skb));
	return 0;
}

static int gather6(struct net *net, struct sk_buff *skb, u32 user)
{
	int err;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	err = ipxlat_compat_gather6(net, skb, user);
	if (err && err != -EINPROGRESS)
		__skb_push(skb, -skb_network_offset(skb));
	return err;
}

/*
 * What waits holds no connection: its namespace would not be rid of it. The whole has that of its last part,
 * since an error about it goes by the NAT that it came through.
 */
static int gather(struct ipxlat_packet *packet, u32 user)
{
	unsigned long connection = skb_get_nfct(packet->skb);
	struct net *net = dev_net(packet->dev);
	int err;

	skb_set_nfct(packet->skb, 0);
	if (packet->to_v6)
		err = gather4(net, packet->skb, user);
	else
		err = gather6(net, packet->skb, user);
	if (!err)
		skb_set_nfct(packet->skb, connection);
	else
		nf_conntrack_put((struct nf_conntrack *)(connection & NFCT_PTRMASK));
	return err;
}

/* RFC 7915 5.1.1: what came in fragments may leave in fragments, with the identification that it had */
static void keep_id(struct ipxlat_rewrite *plan, u32 id)
{
	struct iphdr *ip = (struct iphdr *)plan->head;

	plan->header.fragment = true;
	plan->wants_id = false;
	ip->frag_off = 0;
	ip->id = htons((u16)id);
	ip_send_check(ip);
}

static enum ipxlat_reason none_of_a_whole(const struct ipxlat_packet *packet)
{
	u8 protocol = packet->plan.header.protocol;

	return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6 ?
		       IPXLAT_REASON_ICMP_FRAGMENT :
		       IPXLAT_REASON_NO_MEMORY;
}

enum ipxlat_reason ipxlat_gather(struct ipxlat_packet *packet)
{
	struct sk_buff *skb = packet->skb;
	u32 id = packet->plan.header.id;
	enum ipxlat_reason reason;
	int err;

	/* a guest's word: a fragment is no train, and the check is in the first one and of the whole */
	if (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL)
		return none_of_a_whole(packet);
	skb->ip_summed = CHECKSUM_NONE;
	/* for the tracepoint, as ip_defrag() frees what it does not take */
	if (packet->to_v6)
		memcpy(packet->plan.head, ip_hdr(skb), IPXLAT_HEADER4);
	if (pskb_trim(skb, packet->plan.header.length))
		return IPXLAT_REASON_NO_MEMORY;

	err = gather(packet, user_of(packet->dev));
	if (err == -EINPROGRESS || (err && packet->to_v6))
		packet->skb = NULL;
	if (err)
		return err == -EINPROGRESS ? IPXLAT_MORE : none_of_a_whole(packet);

	/* they may know of a narrow way that IPv6 does not; below 1280 none is cut, whose ICMP errors are whole */
	if (packet->to_v6)
		packet->cut_at = max_t(u32, IPXLAT_IPV6_MTU_MIN,
				       IPCB(packet->skb)->frag_max_size + IPXLAT_HEADER6 +
					       IPXLAT_FRAGMENT_HEADER - IPXLAT_HEADER4);
	reason = ipxlat_packet_plan(packet);
	if (!reason && !packet->to_v6)
		keep_id(&packet->plan, id);
	return reason;
}
