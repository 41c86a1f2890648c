/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_NETLINK_H
#define _IPXLAT_NETLINK_H

/* the generic netlink family "ipxlat"; the contract is in <linux/ipxlat.h> */
int ipxlat_netlink_register(void);
void ipxlat_netlink_unregister(void);

#endif
