// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <net/addrconf.h>
#include <net/ip_tunnels.h>

#include "compat.h"
#include "core/mtu.h"
#include "core/reason.h"
#include "fragment.h"
#include "offload.h"
#include "refuse.h"
#include "trace.h"

static void trace(struct ipxlat_packet *packet, enum ipxlat_reason reason)
{
	struct in6_addr source = {}, destination = {};
	struct sk_buff *skb = packet->skb;

	if (packet->to_v6 && skb_headlen(skb) >= sizeof(struct iphdr)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &source);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &destination);
	} else if (!packet->to_v6 && skb_headlen(skb) >= sizeof(struct ipv6hdr)) {
		source = ipv6_hdr(skb)->saddr;
		destination = ipv6_hdr(skb)->daddr;
	}
	trace_drop(skb->dev, packet->to_v6, reason, &source, &destination);
}

/* how long the packet may be in IPv6, for one that may be fragmented */
static u32 fragment_mtu(const struct ipxlat_packet *packet)
{
	u32 lowest = packet->config->settings.lowest_ipv6_mtu;

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
static bool outgrown(const struct ipxlat_packet *packet)
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

/* What is left of @packet->skb on return is still as it came, unless the reason is OK. */
static enum ipxlat_reason prepare(struct ipxlat_packet *packet)
{
	enum ipxlat_reason reason;

	reason = ipxlat_packet_plan(packet);
	if (reason)
		return reason;
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

static enum ipxlat_reason send_segments(struct ipxlat_packet *packet)
{
	struct sk_buff *segment, *next, *list;

	list = ipxlat_offload_segment(packet->skb);
	if (!list)
		return IPXLAT_REASON_SEGMENTATION;
	packet->skb = NULL;
	skb_list_walk_safe(list, segment, next) {
		struct ipxlat_packet one = {
			.config = packet->config,
			.stats = packet->stats,
			.routes = packet->routes,
			.skb = segment,
			.to_v6 = packet->to_v6,
			.local = packet->local,
		};

		skb_mark_not_on_list(segment);
		send(&one);
	}
	return IPXLAT_REASON_OK;
}

static enum ipxlat_reason translate(struct ipxlat_packet *packet)
{
	enum ipxlat_reason reason = ipxlat_packet_apply(packet);

	if (reason)
		return reason;
	if (outgrown(packet))
		return ipxlat_fragment(packet, fragment_mtu(packet));
	ipxlat_output(packet, packet->skb);
	packet->skb = NULL;
	return IPXLAT_REASON_OK;
}

/* Consumes @packet->skb: the one place where a packet is counted, answered and freed. */
static void send(struct ipxlat_packet *packet)
{
	enum ipxlat_reason reason = prepare(packet);
	u32 bytes_in = packet->skb->len;
	bool segmented = false;

	if (reason) {
		ipxlat_refuse(packet, reason);
	} else if (outgrown(packet) && skb_is_gso(packet->skb)) {
		reason = send_segments(packet);
		segmented = !reason;
	} else {
		reason = translate(packet);
	}
	if (reason) {
		trace(packet, reason);
		kfree_skb(packet->skb);
		ipxlat_stats_dropped(packet->stats, packet->to_v6, reason, bytes_in);
	} else if (!segmented) { /* each segment has been counted */
		ipxlat_stats_translated(packet->stats, packet->to_v6, bytes_in, packet->packets_out,
					packet->bytes_out);
	}
	dst_release(packet->dst);
}

/*
 * An IPv4 router in front of an IPv6-only uplink need not be an IPv6 router: if IPv6 packets are not
 * forwarded from this device, translated ones leave as output.
 */
static bool leaves_as_output(const struct sk_buff *skb, bool to_v6)
{
	const struct inet6_dev *in6;

	if (!skb->skb_iif)
		return true;
	in6 = to_v6 ? __in6_dev_get(skb->dev) : NULL;
	return in6 && !READ_ONCE(in6->cnf.forwarding);
}

static void drop_unseen(struct sk_buff *skb, bool to_v6, enum ipxlat_reason reason)
{
	static const struct in6_addr none;

	trace_drop(skb->dev, to_v6, reason, &none, &none);
	kfree_skb(skb);
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);
	bool to_v6 = skb->protocol == htons(ETH_P_IP);

	if (!to_v6 && skb->protocol != htons(ETH_P_IPV6)) {
		ipxlat_stats_not_ip(device->stats, skb->len);
		drop_unseen(skb, to_v6, IPXLAT_REASON_NOT_IP);
		return NETDEV_TX_OK;
	}

	rcu_read_lock();
	{
		struct ipxlat_packet packet = {
			.config = &rcu_dereference(device->slot.published)->config,
			.stats = device->stats,
			.routes = &device->routes,
			.skb = skb,
			.to_v6 = to_v6,
			.local = leaves_as_output(skb, to_v6),
		};

		skb_reset_network_header(skb);
		if (ipxlat_config_usable(packet.config)) {
			send(&packet);
		} else {
			ipxlat_stats_dropped(device->stats, to_v6, IPXLAT_REASON_NOT_CONFIGURED,
					     skb->len);
			drop_unseen(skb, to_v6, IPXLAT_REASON_NOT_CONFIGURED);
		}
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
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
	return 0;

free_stats:
	free_percpu(device->stats);
destroy_config:
	ipxlat_config_destroy(&device->slot);
	return err;
}

/* the last reference to the device is gone */
static void destroy(struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);

	ipxlat_routes_destroy(&device->routes);
	free_percpu(device->stats);
	ipxlat_config_destroy(&device->slot);
}

static void get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct ipxlat_device *device = netdev_priv(dev);

	ipxlat_stats_link(device->stats, stats);
}

static const struct net_device_ops device_ops = {
	.ndo_init = init,
	.ndo_start_xmit = start_xmit,
	.ndo_get_stats64 = get_stats64,
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
	/* the largest growth: an IPv6 and a Fragment header for an IPv4 header */
	dev->needed_headroom =
		LL_MAX_HEADER + IPXLAT_HEADER6 + IPXLAT_FRAGMENT_HEADER - IPXLAT_HEADER4;
	dev->features |= IPXLAT_FEATURES;
	dev->hw_features |= IPXLAT_FEATURES;
	dev->vlan_features |= IPXLAT_FEATURES;
	/* an error about a packet needs the route that it came by */
	netif_keep_dst(dev);
}

bool ipxlat_device_is(const struct net_device *dev)
{
	return dev->netdev_ops == &device_ops;
}
