// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "compat.h"
#include "core/mtu.h"

/* what the route was looked up for; one a family */
struct ipxlat_route_key {
	struct flowi flow[2];
};

int ipxlat_routes_init(struct ipxlat_routes *routes)
{
	int err;

	routes->keys = alloc_percpu(struct ipxlat_route_key);
	if (!routes->keys)
		return -ENOMEM;
	err = dst_cache_init(&routes->cache[0], GFP_KERNEL);
	if (!err)
		err = dst_cache_init(&routes->cache[1], GFP_KERNEL);
	if (err)
		ipxlat_routes_destroy(routes);
	return err;
}

void ipxlat_routes_forget(struct ipxlat_routes *routes)
{
	dst_cache_reset_now(&routes->cache[0]);
	dst_cache_reset_now(&routes->cache[1]);
}

void ipxlat_routes_destroy(struct ipxlat_routes *routes)
{
	dst_cache_destroy(&routes->cache[0]);
	dst_cache_destroy(&routes->cache[1]);
	free_percpu(routes->keys);
}

static kuid_t uid_of(const struct ipxlat_packet *packet)
{
	return sock_net_uid(dev_net(packet->dev), sk_to_full_sk(packet->skb->sk));
}

/* type and code of the translated ICMP message, or NULL */
static const u8 *icmp_of(const struct ipxlat_packet *packet)
{
	const struct ipxlat_rewrite *plan = &packet->plan;

	if (plan->icmp_error)
		return plan->head + (packet->to_v6 ? IPXLAT_HEADER6 : IPXLAT_HEADER4);
	return plan->patches ? (const u8 *)&plan->patch[0].value : NULL;
}

/*
 * What policy may ask for behind the network header: ports, or type and code. Nobody has had to read the
 * ports of a protocol without a check in the core, and a later fragment has none.
 */
static void fill_upper(const struct ipxlat_packet *packet, u8 protocol, union flowi_uli *upper)
{
	const struct ipxlat_rewrite *plan = &packet->plan;
	const __be16 *ports;
	const u8 *icmp;

	if (plan->header.offset)
		return;
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
	case IPPROTO_SCTP:
		if (plan->strip + sizeof(upper->ports) > skb_headlen(packet->skb))
			break;
		ports = (const __be16 *)(packet->skb->data + plan->strip);
		upper->ports.sport = ports[0];
		upper->ports.dport = ports[1];
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		icmp = icmp_of(packet);
		if (icmp) {
			upper->icmpt.type = icmp[0];
			upper->icmpt.code = icmp[1];
		}
		break;
	}
}

/* of the translated packet, whatever stands between */
static u8 protocol_of(const struct ipxlat_packet *packet)
{
	u8 protocol;

	if (packet->to_v6)
		ipxlat_header_protocol_to6(packet->plan.header.protocol, &protocol);
	else
		ipxlat_header_protocol_to4(packet->plan.header.protocol, &protocol);
	return protocol;
}

static void flow_of6(const struct ipxlat_packet *packet, struct flowi6 *flow)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)packet->plan.head;
	struct net_device *dev = packet->dev;

	flow->saddr = ip->saddr;
	flow->daddr = ip->daddr;
	flow->flowlabel = ip6_flowinfo(ip);
	flow->flowi6_proto = protocol_of(packet);
	flow->flowi6_oif = l3mdev_master_ifindex_rcu(dev);
	flow->flowi6_mark = packet->skb->mark;
	flow->flowi6_uid = uid_of(packet);
	fill_upper(packet, flow->flowi6_proto, &flow->uli);
}

/* the source is an address of the IPv4 side and seldom one of this host */
static void flow_of4(const struct ipxlat_packet *packet, struct flowi4 *flow)
{
	const struct iphdr *ip = (const struct iphdr *)packet->plan.head;
	struct net_device *dev = packet->dev;

	flow->saddr = ip->saddr;
	flow->daddr = ip->daddr;
	ipxlat_compat_set_dscp(flow, ip->tos);
	flow->flowi4_proto = protocol_of(packet);
	flow->flowi4_oif = l3mdev_master_ifindex_rcu(dev);
	flow->flowi4_mark = packet->skb->mark;
	flow->flowi4_uid = uid_of(packet);
	flow->flowi4_flags = FLOWI_FLAG_ANYSRC;
	fill_upper(packet, flow->flowi4_proto, &flow->uli);
}

static void flow_of(const struct ipxlat_packet *packet, struct flowi *flow)
{
	memset(flow, 0, sizeof(*flow));
	if (packet->to_v6)
		flow_of6(packet, &flow->u.ip6);
	else
		flow_of4(packet, &flow->u.ip4);
}

static struct dst_entry *look_up6(struct net *net, struct flowi6 *flow)
{
	struct dst_entry *dst = ip6_route_output(net, NULL, flow);
	int err = dst->error;

	if (!err)
		return xfrm_lookup_route(net, dst, flowi6_to_flowi(flow), NULL, 0);
	dst_release(dst);
	return ERR_PTR(err);
}

static struct dst_entry *look_up4(struct net *net, struct flowi4 *flow)
{
	struct rtable *route = ip_route_output_flow(net, flow, NULL);

	return IS_ERR(route) ? ERR_CAST(route) : &route->dst;
}

/* Routing, and then IPsec's policy, as any tunnel asks them. A reference or an error. */
static struct dst_entry *look_up(const struct ipxlat_packet *packet, const struct flowi *key)
{
	struct net *net = dev_net(packet->dev);
	struct flowi flow = *key; /* the look-up writes into it */

	return packet->to_v6 ? look_up6(net, &flow.u.ip6) : look_up4(net, &flow.u.ip4);
}

/* A train of packets of one flow asks once; a reference or an error. */
static struct dst_entry *look_up_cached(struct ipxlat_packet *packet)
{
	struct ipxlat_routes *routes = packet->routes;
	struct dst_cache *cache = &routes->cache[packet->to_v6];
	struct flowi *last = &this_cpu_ptr(routes->keys)->flow[packet->to_v6];
	struct dst_entry *dst;
	struct flowi flow;

	flow_of(packet, &flow);
	/* what is kept once the device goes down would never be forgotten */
	if (unlikely(!netif_running(packet->dev)))
		return look_up(packet, &flow);
	if (!memcmp(last, &flow, sizeof(flow))) {
		dst = dst_cache_get(cache);
		if (dst)
			return dst;
	}
	dst = look_up(packet, &flow);
	if (IS_ERR(dst))
		return dst;
	*last = flow;
	if (packet->to_v6)
		dst_cache_set_ip6(cache, dst, &flow.u.ip6.saddr);
	else
		dst_cache_set_ip4(cache, dst, flow.u.ip4.saddr);
	return dst;
}

IPXLAT_APART enum ipxlat_reason ipxlat_output_route(struct ipxlat_packet *packet)
{
	struct dst_entry *dst = look_up_cached(packet);

	if (IS_ERR(dst))
		return PTR_ERR(dst) == -EPERM ? IPXLAT_REASON_POLICY : IPXLAT_REASON_NO_ROUTE;
	packet->dst = dst;
	if (ipxlat_compat_dst_dev(dst) == packet->dev)
		return IPXLAT_REASON_LOOP;
	packet->mtu = dst_mtu(dst);
	/* RFC 8200 5: no link has less, whatever a route says */
	if (packet->to_v6)
		packet->mtu = max_t(u32, packet->mtu, IPXLAT_IPV6_MTU_MIN);
	return IPXLAT_REASON_OK;
}

/*
 * As a packet that this host created: output hooks apply, the socket stays with it. But the socket is not
 * named as the sender, as in any tunnel: programs of its control group have seen the packet already, in
 * the family that the socket has.
 */
static IPXLAT_APART void send_as_output(struct ipxlat_packet *packet, struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	/* @packet holds it until the packet has left or waits somewhere, which takes a reference */
	skb_dst_set_noref(skb, packet->dst);
	if (packet->to_v6) {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		ip6_local_out(net, NULL, skb);
	} else {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		ip_local_out(net, NULL, skb);
	}
}

/* as a packet that came in through the device: prerouting hooks and routing see it */
static enum ipxlat_reason receive(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_clear_tstamp(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	return __netif_rx(skb) == NET_RX_SUCCESS ? IPXLAT_REASON_OK : IPXLAT_REASON_BACKLOG;
}

enum ipxlat_reason ipxlat_output(struct ipxlat_packet *packet, struct sk_buff *skb)
{
	enum ipxlat_reason reason = IPXLAT_REASON_OK;
	u32 length = skb->len;

	skb_scrub_packet(skb, false);
	if (packet->local)
		send_as_output(packet, skb);
	else
		reason = receive(skb);
	if (!reason) {
		packet->packets_out++;
		packet->bytes_out += length;
	}
	return reason;
}

/* of the link that the translated packet leaves by */
static u32 outgoing_mtu(const struct ipxlat_packet *packet)
{
	struct dst_entry *dst;
	struct flowi flow;
	u32 mtu;

	flow_of(packet, &flow);
	dst = look_up(packet, &flow);
	if (IS_ERR(dst))
		return 65535;
	mtu = READ_ONCE(ipxlat_compat_dst_dev(dst)->mtu);
	dst_release(dst);
	return mtu;
}

/* of the link toward the sender, in a VRF, where only the VRF is known of the way a packet came */
static u32 back_mtu(const struct ipxlat_packet *packet, int vrf)
{
	struct net *net = dev_net(packet->dev);
	struct dst_entry *dst;
	u32 mtu = 65535;

	if (packet->to_v6) {
		struct flowi4 flow = {
			.daddr = ip_hdr(packet->skb)->saddr,
			.flowi4_oif = vrf,
		};

		dst = look_up4(net, &flow);
	} else {
		struct flowi6 flow = {
			.daddr = ipv6_hdr(packet->skb)->saddr,
			.flowi6_oif = vrf,
		};

		dst = look_up6(net, &flow);
	}
	if (!IS_ERR(dst)) {
		mtu = READ_ONCE(ipxlat_compat_dst_dev(dst)->mtu);
		dst_release(dst);
	}
	return mtu;
}

/* of the link that a packet came in by, in its own family; none for what this host created */
static u32 incoming_mtu(const struct ipxlat_packet *packet)
{
	struct net_device *dev = dev_get_by_index_rcu(dev_net(packet->dev), packet->skb->skb_iif);

	if (!dev)
		return 65535;
	return netif_is_l3_master(dev) ? back_mtu(packet, dev->ifindex) : READ_ONCE(dev->mtu);
}

IPXLAT_APART void ipxlat_output_limit_mtu(struct ipxlat_packet *packet)
{
	u32 incoming = incoming_mtu(packet);
	u32 outgoing = outgoing_mtu(packet);

	if (packet->to_v6)
		ipxlat_rewrite_limit_mtu(&packet->plan, incoming, outgoing);
	else
		ipxlat_rewrite_limit_mtu(&packet->plan, outgoing, incoming);
}
