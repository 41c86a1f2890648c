/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the supported kernels. Kbuild looks for each feature in the kernel's headers,
 * because stable kernels receive features of later ones.
 */
#ifndef _IPXLAT_COMPAT_H
#define _IPXLAT_COMPAT_H

#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/if_inet6.h>
#include <net/inet_dscp.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/rtnetlink.h>

#ifdef IPXLAT_HAVE_NET_GSO_H
#include <net/gso.h>
#endif

/* 6.12: transmit without a lock is no longer a feature flag */
static inline void ipxlat_compat_set_lltx(struct net_device *dev)
{
#ifdef IPXLAT_HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* 6.3: a reason of its own for a bad extension header */
#ifdef IPXLAT_HAVE_BAD_EXTHDR
#define IPXLAT_DROP_EXTENSION SKB_DROP_REASON_IPV6_BAD_EXTHDR
#else
#define IPXLAT_DROP_EXTENSION SKB_DROP_REASON_IP_INHDR
#endif

/* 6.15: the arguments of rtnl_link_ops.newlink became one */
#ifdef IPXLAT_HAVE_NEWLINK_PARAMS
#define IPXLAT_NEWLINK_ARGS \
	struct net_device *dev, struct rtnl_newlink_params *params, struct netlink_ext_ack *extack
#else
#define IPXLAT_NEWLINK_ARGS \
	struct net *net, struct net_device *dev, struct nlattr *tb[], struct nlattr *data[], \
		struct netlink_ext_ack *extack
#endif

/* 6.18: the DSCP of a flow got a type of its own */
static inline void ipxlat_compat_set_dscp(struct flowi4 *flow, u8 tos)
{
#ifdef IPXLAT_HAVE_FLOW_DSCP
	flow->flowi4_dscp = inet_dsfield_to_dscp(tos);
#else
	flow->flowi4_tos = tos & INET_DSCP_MASK;
#endif
}

/* 6.17: an interface may forward IPv6 where the host does not */
static inline bool ipxlat_compat_forces_forwarding(const struct inet6_dev *in6)
{
#ifdef IPXLAT_HAVE_FORCE_FORWARDING
	return READ_ONCE(in6->cnf.force_forwarding);
#else
	return false;
#endif
}

/* 6.17: a route's link is asked for, since it may change; it stays while bottom halves are off */
static inline struct net_device *ipxlat_compat_dst_dev(const struct dst_entry *dst)
{
#ifdef IPXLAT_HAVE_DST_DEV
	return dst_dev(dst);
#else
	return READ_ONCE(dst->dev);
#endif
}

/* As nf_ct_frag6_gather(), which a kernel without netfilter lacks: there @skb stays the fragment that it is. */
static inline int ipxlat_compat_gather6(struct net *net, struct sk_buff *skb, u32 user)
{
#if IS_ENABLED(CONFIG_NF_DEFRAG_IPV6)
	return nf_ct_frag6_gather(net, skb, user);
#else
	return 0;
#endif
}

/* 6.16: trains of TCP with accurate ECN */
#ifdef NETIF_F_GSO_ACCECN
#define IPXLAT_COMPAT_GSO_ACCECN NETIF_F_GSO_ACCECN
#else
#define IPXLAT_COMPAT_GSO_ACCECN 0
#endif

#endif
