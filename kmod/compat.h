/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the supported kernels. Kbuild looks for each feature in the kernel's headers,
 * because stable kernels receive features of later ones.
 */
#ifndef _IPXLAT_COMPAT_H
#define _IPXLAT_COMPAT_H

#include <linux/netdevice.h>
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

/* 6.15: the arguments of rtnl_link_ops.newlink became one */
#ifdef IPXLAT_HAVE_NEWLINK_PARAMS
#define IPXLAT_NEWLINK_ARGS \
	struct net_device *dev, struct rtnl_newlink_params *params, struct netlink_ext_ack *extack
#else
#define IPXLAT_NEWLINK_ARGS \
	struct net *net, struct net_device *dev, struct nlattr *tb[], struct nlattr *data[], \
		struct netlink_ext_ack *extack
#endif

#endif
