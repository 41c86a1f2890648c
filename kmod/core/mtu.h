/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes across translation (RFC 7915 4.1, 4.2, 5.1, 5.2). All in bytes.
 */
#ifndef _IPXLAT_CORE_MTU_H
#define _IPXLAT_CORE_MTU_H

#include "header.h"

IPXLAT_CORE_BEGIN

#define IPXLAT_IPV6_MTU_MIN 1280
#define IPXLAT_IPV4_MTU_MIN 68

/*
 * The MTU of a Packet Too Big for a "fragmentation needed" with @mtu4, 0 from a router older than
 * RFC 1191; @quoted_length is the Total Length of the quoted packet. 1280 or more.
 */
u32 ipxlat_mtu_to6(u32 mtu4, u32 quoted_length);

/*
 * and back; @fragment_header: the quoted packet has one. No IPv6 link takes less than 1280 bytes (RFC 8200
 * 5), whatever @mtu6 says: 1252 to 65535.
 */
u32 ipxlat_mtu_to4(u32 mtu6, bool fragment_header);

/*
 * RFC 7915 4.2, 5.2: the most that the MTU of an error may be, between links with @mtu4 and @mtu6. 1280 or
 * more for a Packet Too Big, 68 or more for a "fragmentation needed".
 */
u32 ipxlat_mtu_bound6(u32 mtu4, u32 mtu6);
u32 ipxlat_mtu_bound4(u32 mtu4, u32 mtu6);

/* RFC 7915 5.1: whether an IPv4 packet of @length that was no fragment must not be one on its way */
static inline bool ipxlat_mtu_dont_fragment(u32 length)
{
	return length > IPXLAT_IPV6_MTU_MIN - (IPXLAT_HEADER6 - IPXLAT_HEADER4);
}

/*
 * RFC 7915 4.1: how much of a payload of @total bytes each fragment of at most @mtu6 carries, but for the
 * last, which has the rest; a multiple of 8. They are as few as can be. A whole datagram is cut as every
 * stack does it, and its first fragment has all that fits. What is a @fragment already is cut into parts of
 * like size: a rest of 8 bytes in the middle of a datagram looks like an attack, and is dropped as one.
 */
u32 ipxlat_mtu_fragment_payload(u32 mtu6, u32 total, bool fragment);

IPXLAT_CORE_END

#endif
