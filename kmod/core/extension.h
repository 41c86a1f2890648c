/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extension objects behind the original datagram of an ICMP error (RFC 4884), and the object that
 * tells an IPv6 source which IPv4 cannot (RFC 6791 4, RFC 5837 4). Lengths are bytes.
 */
#ifndef _IPXLAT_CORE_EXTENSION_H
#define _IPXLAT_CORE_EXTENSION_H

#include "rewrite.h"

IPXLAT_CORE_BEGIN

/* the message that is made */
struct ipxlat_extension_frame {
	u32 limit;  /* the whole packet is at most so long */
	u32 header; /* its network header */
	u32 unit; /* what its Length counts, a power of two; 0: its type has none, nor extensions */
};

/*
 * How many of the @body bytes behind an ICMP header are the original datagram, if the Length says
 * @length. A Length of 0, one that reaches to the end or beyond, and one too short for the @least
 * bytes of a quoted header speak of no extension: it is all of them.
 */
u32 ipxlat_extension_original(u32 length, u32 least, u32 body);

/*
 * Puts an object with @source into @out->append, for the extension of which @out->tail bytes at @tail
 * are there. One of an unknown form stays as it is.
 */
void ipxlat_extension_add_source(struct ipxlat_rewrite *out, const u8 *tail,
				 const struct in6_addr *source);

/*
 * @out->put, keep, tail and append are what there is. Pads it, or where it is too much cuts the original
 * datagram down to 128 bytes, then drops the whole extension. The tail is at @tail. Returns the new
 * Length, in units.
 */
u32 ipxlat_extension_lay_out(struct ipxlat_rewrite *out, const struct ipxlat_extension_frame *frame,
			     const u8 *tail);

IPXLAT_CORE_END

#endif
