/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses and prefixes: IPv4-embedded IPv6 addresses (RFC 6052) and what may be translated.
 * All addresses are in network byte order.
 */
#ifndef _IPXLAT_CORE_ADDR_H
#define _IPXLAT_CORE_ADDR_H

#include "env.h"

IPXLAT_CORE_BEGIN

/* length 0 to 128; host bits are zero */
struct ipxlat_prefix6 {
	struct in6_addr address;
	u8 length;
};

/* RFC 6052 2.3: @prefix has one of the six lengths */
void ipxlat_addr_embed(const struct ipxlat_prefix6 *prefix, __be32 address4, struct in6_addr *out);

/* RFC 6052 2.3; false if @address6 is not in @prefix. The u octet and the suffix are ignored. */
bool ipxlat_addr_extract(const struct ipxlat_prefix6 *prefix, const struct in6_addr *address6,
			 __be32 *out);

/* NULL if @prefix may be translated to or from, else the sentence that says why not */
const char *ipxlat_addr_prefix6_refusal(const struct ipxlat_prefix6 *prefix);

/* the same for a remote prefix, which has the form of RFC 6052 2.2 */
const char *ipxlat_addr_remote_refusal(const struct ipxlat_prefix6 *prefix);

/*
 * RFC 1812 5.3.7: OK, MULTICAST or LINK_LOCAL (not for a router), or @bad: 0/8, 127/8, 255.255.255.255.
 * 240.0.0.0/4 is ordinary unicast here, as it is for Linux.
 */
static inline enum ipxlat_reason ipxlat_addr4_check(__be32 address, enum ipxlat_reason bad)
{
	u32 a = be32_to_cpu(address);
	u32 first = a >> 24;

	/* nearly all addresses at once, 1 to 126 and 170 to 223 */
	if (first - 1 < 126 || first - 170 < 54)
		return IPXLAT_REASON_OK;
	if (first == 0 || first == 127 || a == 0xffffffff)
		return bad;
	if (first >> 4 == 0xe)
		return IPXLAT_REASON_MULTICAST;
	if (a >> 16 == 0xa9fe)
		return IPXLAT_REASON_LINK_LOCAL;
	return IPXLAT_REASON_OK;
}

/* OK, MULTICAST, LINK_LOCAL, or @bad: ::, ::1, ::ffff:0:0/96 */
static inline enum ipxlat_reason ipxlat_addr6_check(const struct in6_addr *address,
						    enum ipxlat_reason bad)
{
	u32 first, last;

	/* RFC 4291 2.4: nearly all addresses at once, 2000::/3 */
	if ((address->s6_addr[0] & 0xe0) == 0x20)
		return IPXLAT_REASON_OK;
	first = be32_to_cpu(address->s6_addr32[0]);
	last = be32_to_cpu(address->s6_addr32[3]);
	if (first >> 24 == 0xff)
		return IPXLAT_REASON_MULTICAST;
	if (first >> 22 == 0xfe80 >> 6)
		return IPXLAT_REASON_LINK_LOCAL;
	if (first || address->s6_addr32[1])
		return IPXLAT_REASON_OK;
	if (be32_to_cpu(address->s6_addr32[2]) == 0xffff || (!address->s6_addr32[2] && last <= 1))
		return bad;
	return IPXLAT_REASON_OK;
}

/* true if the first @length bits agree */
bool ipxlat_addr6_in_prefix(const struct in6_addr *address, const struct in6_addr *prefix,
			    u8 length);

IPXLAT_CORE_END

#endif
