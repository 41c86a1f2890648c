// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/dst_metadata.h>
#include <net/ip_tunnels.h>

#include "compat.h"
#include "core/mtu.h"
#include "core/reason.h"
#include "drop.h"
#include "fragment.h"
#include "gather.h"
#include "offload.h"
#include "refuse.h"
#include "trace.h"

/* the ends as they are by now: what has been translated is of the other family */
static IPXLAT_APART void trace(const struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	bool as_it_came = packet->skb && !packet->applied;
	const void *head = as_it_came ? skb_network_header(packet->skb) : packet->plan.head;
	bool v6 = packet->applied == packet->to_v6;
	struct in6_addr source = {}, destination = {};

	if (as_it_came && skb_headlen(packet->skb) < (v6 ? IPXLAT_HEADER6 : IPXLAT_HEADER4)) {
		/* there are none to be read */
	} else if (v6) {
		source = ((const struct ipv6hdr *)head)->saddr;
		destination = ((const struct ipv6hdr *)head)->daddr;
	} else {
		ipv6_addr_set_v4mapped(((const struct iphdr *)head)->saddr, &source);
		ipv6_addr_set_v4mapped(((const struct iphdr *)head)->daddr, &destination);
	}
	trace_ipxlat_drop(packet->dev, packet->to_v6, reason, &source, &destination);
}

/* how long the packet may be in IPv6, for one that may be fragmented */
static u32 fragment_mtu(const struct ipxlat_packet *packet)
{
	u32 lowest = min(packet->config->settings.lowest_ipv6_mtu, packet->cut_at);

	return packet->local ? min(lowest, packet->mtu) : lowest;
}

static bool may_fragment(const struct ipxlat_packet *packet)
{
	const struct ipxlat_header *header = &packet->plan.header;

	if (packet->to_v6)
		return !header->dont_fragment;
	return header->fragment || !ipxlat_mtu_dont_fragment(ipxlat_packet_wire_length(packet));
}

/* RFC 7915 4.1: to be cut here; in the other direction the IPv4 stack does it */
static __always_inline bool outgrown(const struct ipxlat_packet *packet)
{
	return packet->to_v6 && may_fragment(packet) &&
	       ipxlat_packet_wire_length(packet) > fragment_mtu(packet);
}

/* Only what this host sends itself is held against the way's MTU here; the stack does the rest. */
static bool too_big(const struct ipxlat_packet *packet)
{
	return packet->local && !may_fragment(packet) &&
	       ipxlat_packet_wire_length(packet) > packet->mtu;
}

/*
 * A piece of a datagram that the IPv4 stack has cut for the route into the device: one of this host's own, or one
 * that connection tracking has seen, which sees nothing but whole ones. With DF somebody else has made it.
 */
static bool was_cut_here(const struct ipxlat_packet *packet)
{
	const struct sk_buff *skb = packet->skb;

	return packet->to_v6 && packet->plan.header.fragment &&
	       !packet->plan.header.dont_fragment && skb_valid_dst(skb) &&
	       (!skb->skb_iif || skb_nfct(skb)) && skb->ip_summed != CHECKSUM_PARTIAL &&
	       !skb_is_gso(skb);
}

/* A fragment that is of use as a part of the whole alone, or goes further so; @reason is the core's verdict. */
static bool is_to_be_gathered(const struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	switch (reason) {
	case IPXLAT_REASON_ICMP_FRAGMENT:
		return true;
	case IPXLAT_REASON_OK:
	case IPXLAT_REASON_UDP_ZERO_CHECKSUM_FRAGMENT:
		return was_cut_here(packet);
	default:
		return false;
	}
}

/*
 * What is left of @packet->skb on return is still as it came, unless the reason is OK, or a whole of what came
 * in fragments. IPXLAT_MORE: it is a fragment that waits for the others.
 */
static enum ipxlat_reason prepare(struct ipxlat_packet *packet)
{
	enum ipxlat_reason reason;

	reason = ipxlat_packet_plan(packet);
	if (unlikely(reason || packet->plan.header.fragment)) {
		if (is_to_be_gathered(packet, reason))
			reason = ipxlat_gather(packet);
		if (reason)
			return reason;
	}
	if (packet->plan.mtu_at)
		ipxlat_output_limit_mtu(packet);
	if (packet->local)
		reason = ipxlat_output_route(packet);
	/*
	 * This host's error about a packet behind a NAT goes to where there is no route yet: prerouting
	 * gives it its true destination.
	 */
	if (reason == IPXLAT_REASON_NO_ROUTE && packet->plan.icmp_error) {
		packet->local = false;
		reason = IPXLAT_REASON_OK;
	}
	if (!reason && too_big(packet))
		reason = IPXLAT_REASON_TOO_BIG;
	return reason;
}

static void send(struct ipxlat_packet *packet);

/* everything but the plan, which is written before it is read */
static void begin(struct ipxlat_packet *packet, struct ipxlat_device *device,
		  const struct ipxlat_config *config, struct sk_buff *skb, bool local)
{
	packet->config = config;
	packet->stats = device->stats;
	packet->routes = &device->routes;
	packet->identification = &device->identification;
	packet->dev = skb->dev;
	packet->skb = skb;
	packet->dst = NULL;
	packet->cut_at = U32_MAX;
	packet->packets_out = 0;
	packet->bytes_out = 0;
	packet->to_v6 = skb->protocol == htons(ETH_P_IP);
	packet->local = local;
	packet->applied = false;
}

static IPXLAT_APART enum ipxlat_reason send_segments(struct ipxlat_packet *packet)
{
	struct sk_buff *segment, *next, *list;
	struct ipxlat_packet one __uninitialized;

	list = ipxlat_offload_segment(packet->skb);
	if (!list)
		return IPXLAT_REASON_SEGMENTATION;
	packet->skb = NULL;
	skb_list_walk_safe(list, segment, next) {
		skb_mark_not_on_list(segment);
		begin(&one, netdev_priv(packet->dev), packet->config, segment, packet->local);
		send(&one);
	}
	return IPXLAT_REASON_OK;
}

static enum ipxlat_reason translate(struct ipxlat_packet *packet, bool to_be_cut)
{
	struct sk_buff *skb = packet->skb;
	enum ipxlat_reason reason;

	reason = ipxlat_packet_apply(packet);
	if (reason)
		return reason;
	if (to_be_cut)
		return ipxlat_fragment(packet, fragment_mtu(packet));
	packet->skb = NULL;
	return ipxlat_output(packet, skb);
}

/* Consumes @packet->skb: the one place where a packet is counted, answered and freed. */
static void send(struct ipxlat_packet *packet)
{
	enum ipxlat_reason reason = prepare(packet);
	bool segmented = false;
	u32 bytes_in;

	if (likely(!reason)) {
		bool to_be_cut = outgrown(packet);

		bytes_in = packet->skb->len;
		segmented = to_be_cut && skb_is_gso(packet->skb);
		reason = segmented ? send_segments(packet) : translate(packet, to_be_cut);
	} else {
		if (reason == IPXLAT_MORE)
			return; /* the whole will be counted */
		bytes_in = packet->skb ? packet->skb->len : packet->plan.header.length;
		ipxlat_refuse(packet, reason);
	}
	if (reason || !segmented) /* each segment has been counted */
		ipxlat_stats_packet(packet->stats, packet->to_v6, reason, bytes_in,
				    packet->packets_out, packet->bytes_out);
	if (unlikely(reason)) {
		trace(packet, reason);
		ipxlat_drop_free(packet->skb, reason);
	}
	if (packet->dst)
		dst_release(packet->dst);
}

/* an address of the device is this host's, whoever was given it by NAT */
static bool is_from_device4(const struct sk_buff *skb)
{
	const struct in_device *in4 = __in_dev_get_rcu(skb->dev);
	const struct in_ifaddr *own;

	if (!in4 || skb_headlen(skb) < sizeof(struct iphdr))
		return false;
	in_dev_for_each_ifa_rcu(own, in4)
		if (own->ifa_local == ip_hdr(skb)->saddr)
			return true;
	return false;
}

/*
 * An IPv4 router in front of an IPv6-only uplink need not be an IPv6 router: where ip6_forward() would
 * not take translated packets, they leave as output. So do those from an address of the device, whatever
 * others want of what is forwarded.
 */
static bool leaves_as_output(const struct sk_buff *skb, bool to_v6)
{
	const struct inet6_dev *in6;

	if (!skb->skb_iif)
		return true;
	if (!to_v6)
		return false;
	if (is_from_device4(skb))
		return true;
	if (READ_ONCE(dev_net(skb->dev)->ipv6.devconf_all->forwarding))
		return false;
	in6 = __in6_dev_get(skb->dev);
	return in6 && !ipxlat_compat_forces_forwarding(in6);
}

static IPXLAT_APART void drop_unseen(struct sk_buff *skb, bool to_v6, enum ipxlat_reason reason)
{
	static const struct in6_addr none;

	trace_ipxlat_drop(skb->dev, to_v6, reason, &none, &none);
	ipxlat_drop_free(skb, reason);
}

/*
 * What comes from an ingress hook ("fwd to" of nftables, redirection by XDP) still has its link-layer header
 * in front. A tag beside the packet says that it belongs to another network than its link's.
 */
static bool begins_with_ip(struct sk_buff *skb)
{
	int link_layer = skb_network_offset(skb);

	if (likely(!link_layer))
		return !skb_vlan_tag_present(skb);
	if (link_layer < 0 || skb_vlan_tag_present(skb) || !pskb_may_pull(skb, link_layer))
		return false;
	__skb_pull(skb, link_layer);
	return true;
}

static IPXLAT_WHOLE netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct ipxlat_packet packet __uninitialized;
	struct ipxlat_device *device = netdev_priv(dev);
	bool to_v6 = skb->protocol == htons(ETH_P_IP);
	const struct ipxlat_config *config;

	if (unlikely((!to_v6 && skb->protocol != htons(ETH_P_IPV6)) || !begins_with_ip(skb))) {
		ipxlat_stats_not_ip(device->stats, skb->len);
		drop_unseen(skb, to_v6, IPXLAT_REASON_NOT_IP);
		return NETDEV_TX_OK;
	}

	/* bottom halves are off */
	config = &rcu_dereference_bh(device->slot.published)->config;
	if (likely(ipxlat_config_usable(config))) {
		begin(&packet, device, config, skb, leaves_as_output(skb, to_v6));
		send(&packet);
	} else {
		ipxlat_stats_packet(device->stats, to_v6, IPXLAT_REASON_NOT_CONFIGURED, skb->len, 0,
				    0);
		drop_unseen(skb, to_v6, IPXLAT_REASON_NOT_CONFIGURED);
	}
	return NETDEV_TX_OK;
}

/*
 * A device that changes its namespace or its VRF is taken down before, as it is for good. Packets that are
 * on their way end first; when the device is removed nobody has waited for them yet.
 */
static int stop(struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);

	synchronize_net();
	ipxlat_routes_forget(&device->routes);
	return 0;
}

static int init(struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);
	int err;

	err = ipxlat_config_init(&device->slot);
	if (err)
		return err;
	err = -ENOMEM;
	device->stats = ipxlat_stats_alloc();
	if (!device->stats)
		goto destroy_config;
	err = ipxlat_routes_init(&device->routes);
	if (err)
		goto free_stats;
	err = ipxlat_identification_init(&device->identification);
	if (err)
		goto destroy_routes;
	return 0;

destroy_routes:
	ipxlat_routes_destroy(&device->routes);
free_stats:
	free_percpu(device->stats);
destroy_config:
	ipxlat_config_destroy(&device->slot);
	return err;
}

/*
 * A packet between two mapped hosts comes out of the device and is routed into it again (RFC 7757 4.2.1).
 * That is the only way there is: no redirect. As in other tunnels the namespace's own switch goes too, as a
 * redirect is sent if either is on; the other devices have theirs.
 */
static int open(struct net_device *dev)
{
	struct in_device *in4 = __in_dev_get_rtnl(dev);

	if (in4) {
		IN_DEV_CONF_SET(in4, SEND_REDIRECTS, false);
		IPV4_DEVCONF_ALL(dev_net(dev), SEND_REDIRECTS) = false;
	}
	return 0;
}

/* the last reference to the device is gone */
static void destroy(struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);

	ipxlat_identification_destroy(&device->identification);
	ipxlat_routes_destroy(&device->routes);
	free_percpu(device->stats);
	ipxlat_config_destroy(&device->slot);
}

static void get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct ipxlat_device *device = netdev_priv(dev);

	ipxlat_stats_link(device->stats, stats);
}

/* As neigh_direct_output(), which no module has since 7.3. */
static int output_directly(struct neighbour *neighbour, struct sk_buff *skb)
{
	return dev_queue_xmit(skb);
}

/* There is nothing to be written in front of a packet, so the device need not ask its neighbours. */
static int construct_neighbour(struct net_device *dev, struct neighbour *neighbour)
{
	neighbour->output = output_directly;
	return 0;
}

static const struct net_device_ops device_ops = {
	.ndo_init = init,
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = start_xmit,
	.ndo_get_stats64 = get_stats64,
	.ndo_neigh_construct = construct_neighbour,
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
}

static const struct ethtool_ops device_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
};

void ipxlat_device_setup(struct net_device *dev)
{
	dev->netdev_ops = &device_ops;
	dev->ethtool_ops = &device_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->needs_free_netdev = true;
	dev->priv_destructor = destroy;
	ipxlat_compat_set_lltx(dev);

	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = IPXLAT_IPV6_MTU_MIN;
	dev->max_mtu = 65535;
	/*
	 * The largest growth, an IPv6 and a Fragment header for an IPv4 header, and what has to be left. More
	 * would cost every forwarded packet a new head.
	 */
	dev->needed_headroom =
		IPXLAT_HEADER6 + IPXLAT_FRAGMENT_HEADER - IPXLAT_HEADER4 + IPXLAT_LINK_ROOM;
	dev->features |= IPXLAT_FEATURES | IPXLAT_FIXED_FEATURES;
	dev->hw_features |= IPXLAT_FEATURES;
	/* an error about a packet needs the route that it came by */
	netif_keep_dst(dev);
}

bool ipxlat_device_is(const struct net_device *dev)
{
	return dev->netdev_ops == &device_ops;
}
