/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What translation changes behind the network header: checks that cover addresses, and the type of an
 * ICMP query. RFC 7915 4.5 and 5.5.
 */
#ifndef _IPXLAT_CORE_TRANSPORT_H
#define _IPXLAT_CORE_TRANSPORT_H

#include "csum.h"
#include "rewrite.h"

IPXLAT_CORE_BEGIN

struct ipxlat_transport {
	const struct ipxlat_header *header; /* in front of it */
	u64 from;                           /* sum of the addresses before */
	u64 to;                             /* and after */
	u32 zero;                           /* enum ipxlat_udp_zero_checksum */
	bool to_v6;
	bool partial;
};

/*
 * Adds the patches to @out. @view starts at the packet's network header; a quoted packet is changed as
 * far as it is there. OK, IPXLAT_MORE, ICMP_TYPE, BAD_TRANSPORT, UDP_ZERO_CHECKSUM or
 * UDP_ZERO_CHECKSUM_FRAGMENT.
 */
enum ipxlat_reason ipxlat_transport(const struct ipxlat_transport *transport,
				    const struct ipxlat_view *view, struct ipxlat_rewrite *out);

/*
 * Sets @out->segment from @out->keep and the size of the segments that are still in one packet. OK,
 * IPXLAT_MORE, BAD_TRANSPORT, or SEGMENTATION where there is nothing to be segmented.
 */
enum ipxlat_reason ipxlat_transport_segment(const struct ipxlat_input *input,
					    struct ipxlat_rewrite *out);

/* RFC 8200 8.1: sum of the part of the ICMPv6 pseudo-header that is no address */
static inline u64 ipxlat_transport_pseudo6(u32 length)
{
	return ipxlat_sum32(cpu_to_be32(length)) + ipxlat_sum16(cpu_to_be16(IPPROTO_ICMPV6));
}

static inline u64 ipxlat_transport_sum4(const struct ipxlat_ends4 *ends)
{
	return ipxlat_sum32(ends->source) + ipxlat_sum32(ends->destination);
}

static inline u64 ipxlat_transport_sum6(const struct ipxlat_ends6 *ends)
{
	return ipxlat_sum_address6(&ends->source) + ipxlat_sum_address6(&ends->destination);
}

IPXLAT_CORE_END

#endif
