/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_LINK_H
#define _IPXLAT_LINK_H

/* the rtnetlink kind "ipxlat" */
int ipxlat_link_register(void);

/* removes every device; returns when none is left */
void ipxlat_link_unregister(void);

#endif
