/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_DROP_H
#define _IPXLAT_DROP_H

#include <linux/ipxlat.h>
#include <linux/skbuff.h>

/*
 * Frees @skb, which may be NULL, with the nearest of the kernel's own reasons. Ours cannot be among them: an
 * own list is given to parts of the kernel only (enum skb_drop_reason_subsys).
 */
void ipxlat_drop_free(struct sk_buff *skb, enum ipxlat_reason reason);

#endif
