// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "core/mtu.h"

/* IPv4 addresses in the last word */
struct ipxlat_route_key {
	struct in6_addr source[2];
	struct in6_addr destination[2];
	u32 mark[2];
	kuid_t uid[2];
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

void ipxlat_routes_destroy(struct ipxlat_routes *routes)
{
	dst_cache_destroy(&routes->cache[0]);
	dst_cache_destroy(&routes->cache[1]);
	free_percpu(routes->keys);
}

static kuid_t uid_of(const struct ipxlat_packet *packet)
{
	return sock_net_uid(dev_net(packet->skb->dev), sk_to_full_sk(packet->skb->sk));
}

static struct dst_entry *look_up6(const struct ipxlat_packet *packet)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)packet->plan.head;
	struct net_device *dev = packet->skb->dev;
	struct flowi6 flow = {
		.saddr = ip->saddr,
		.daddr = ip->daddr,
		.flowi6_oif = l3mdev_master_ifindex_rcu(dev),
		.flowi6_mark = packet->skb->mark,
		.flowi6_uid = uid_of(packet),
	};
	struct dst_entry *dst = ip6_route_output(dev_net(dev), NULL, &flow);

	if (!dst->error)
		return dst;
	dst_release(dst);
	return NULL;
}

/* the source is an address of the IPv4 side and seldom one of this host */
static struct dst_entry *look_up4(const struct ipxlat_packet *packet)
{
	const struct iphdr *ip = (const struct iphdr *)packet->plan.head;
	struct net_device *dev = packet->skb->dev;
	struct flowi4 flow = {
		.saddr = ip->saddr,
		.daddr = ip->daddr,
		.flowi4_oif = l3mdev_master_ifindex_rcu(dev),
		.flowi4_mark = packet->skb->mark,
		.flowi4_uid = uid_of(packet),
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct rtable *route = ip_route_output_key(dev_net(dev), &flow);

	return IS_ERR(route) ? NULL : &route->dst;
}

static struct dst_entry *look_up(const struct ipxlat_packet *packet)
{
	return packet->to_v6 ? look_up6(packet) : look_up4(packet);
}

static void ends_of(const struct ipxlat_packet *packet, struct in6_addr *source,
		    struct in6_addr *destination)
{
	if (packet->to_v6) {
		const struct ipv6hdr *ip = (const struct ipv6hdr *)packet->plan.head;

		*source = ip->saddr;
		*destination = ip->daddr;
	} else {
		const struct iphdr *ip = (const struct iphdr *)packet->plan.head;

		ipv6_addr_set_v4mapped(ip->saddr, source);
		ipv6_addr_set_v4mapped(ip->daddr, destination);
	}
}

/* a train of packets of one flow asks once; returns a reference */
static struct dst_entry *look_up_cached(struct ipxlat_packet *packet)
{
	struct ipxlat_routes *routes = packet->routes;
	struct dst_cache *cache = &routes->cache[packet->to_v6];
	struct ipxlat_route_key *key = this_cpu_ptr(routes->keys);
	struct in6_addr source, destination;
	unsigned int family = packet->to_v6;
	struct dst_entry *dst;
	u32 mark = packet->skb->mark;
	kuid_t uid = uid_of(packet);

	ends_of(packet, &source, &destination);
	if (ipv6_addr_equal(&key->source[family], &source) &&
	    ipv6_addr_equal(&key->destination[family], &destination) && key->mark[family] == mark &&
	    uid_eq(key->uid[family], uid)) {
		dst = dst_cache_get(cache);
		if (dst)
			return dst;
	}
	dst = look_up(packet);
	if (!dst)
		return NULL;
	key->source[family] = source;
	key->destination[family] = destination;
	key->mark[family] = mark;
	key->uid[family] = uid;
	if (packet->to_v6)
		dst_cache_set_ip6(cache, dst, &source);
	else
		dst_cache_set_ip4(cache, dst, source.s6_addr32[3]);
	return dst;
}

enum ipxlat_reason ipxlat_output_route(struct ipxlat_packet *packet)
{
	packet->dst = look_up_cached(packet);
	if (!packet->dst)
		return IPXLAT_REASON_NO_ROUTE;
	if (packet->dst->dev == packet->skb->dev)
		return IPXLAT_REASON_LOOP;
	packet->mtu = dst_mtu(packet->dst);
	/* RFC 8200 5: no link has less, whatever a route says */
	if (packet->to_v6)
		packet->mtu = max_t(u32, packet->mtu, IPXLAT_IPV6_MTU_MIN);
	return IPXLAT_REASON_OK;
}

/* as a packet that this host created: output hooks apply, the socket stays with it */
static void send_as_output(struct ipxlat_packet *packet, struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	skb_dst_set(skb, dst_clone(packet->dst));
	if (packet->to_v6) {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		ip6_local_out(net, skb->sk, skb);
	} else {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		ip_local_out(net, skb->sk, skb);
	}
}

/* as a packet that came in through the device: prerouting hooks and routing see it */
static void receive(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_clear_tstamp(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	netif_rx(skb);
}

void ipxlat_output(struct ipxlat_packet *packet, struct sk_buff *skb)
{
	packet->packets_out++;
	packet->bytes_out += skb->len;
	skb_scrub_packet(skb, false);
	if (packet->local)
		send_as_output(packet, skb);
	else
		receive(skb);
}

/* the link that a packet came in by, in its own family; none for what this host created */
static u32 incoming_mtu(const struct ipxlat_packet *packet)
{
	struct net_device *dev =
		dev_get_by_index_rcu(dev_net(packet->skb->dev), packet->skb->skb_iif);

	return dev ? READ_ONCE(dev->mtu) : 65535;
}

void ipxlat_output_limit_mtu(struct ipxlat_packet *packet)
{
	u32 incoming = incoming_mtu(packet);
	struct dst_entry *dst = look_up(packet);
	u32 outgoing = dst ? READ_ONCE(dst->dev->mtu) : 65535;

	dst_release(dst);
	if (packet->to_v6)
		ipxlat_rewrite_limit_mtu(&packet->plan, incoming, outgoing);
	else
		ipxlat_rewrite_limit_mtu(&packet->plan, outgoing, incoming);
}
