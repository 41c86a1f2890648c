/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which reasons a sender is told, and by which ICMP error (RFC 7915 4.4, 5.4).
 */
#ifndef _IPXLAT_CORE_ANSWER_H
#define _IPXLAT_CORE_ANSWER_H

#include "rewrite.h"

IPXLAT_CORE_BEGIN

/* in the family of the packet that it is about */
struct ipxlat_answer {
	u8 type;
	u8 code;
	u32 word; /* the second of the ICMP header: an MTU, a pointer, or 0; host byte order */
	const char *text; /* what type and code mean, without a full stop */
};

/*
 * The answer to a packet that was dropped for @reason, @plan being as far as the core came with it. @mtu:
 * of the route, if it is IPXLAT_REASON_TOO_BIG. False: there is none.
 */
bool ipxlat_answer_to_ipv4(const struct ipxlat_rewrite *plan, enum ipxlat_reason reason, u32 mtu,
			   struct ipxlat_answer *out);
bool ipxlat_answer_to_ipv6(const struct ipxlat_rewrite *plan, enum ipxlat_reason reason, u32 mtu,
			   struct ipxlat_answer *out);

IPXLAT_CORE_END

#endif
