/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network headers: read into one description, written from it. Lengths are bytes, host byte order.
 */
#ifndef _IPXLAT_CORE_HEADER_H
#define _IPXLAT_CORE_HEADER_H

#include "ends.h"

IPXLAT_CORE_BEGIN

/* a verdict inside the module only: more of the packet must be readable before it can be judged */
#define IPXLAT_MORE ((enum ipxlat_reason)__IPXLAT_REASON_MAX)

#define IPXLAT_HEADER4 20
#define IPXLAT_HEADER6 40
#define IPXLAT_FRAGMENT_HEADER 8
#define IPXLAT_ICMP_HEADER 8

/* IPv6 extension headers beyond this many bytes are not followed */
#define IPXLAT_EXTENSIONS_MAX 2048

/*
 * A packet of which @length bytes exist and the first @linear of them can be read at @data. A quoted
 * packet may be cut short: less of it exists than its header says.
 */
struct ipxlat_view {
	const u8 *data;
	u32 linear;
	u32 length;
	bool quoted;
};

struct ipxlat_header {
	u32 need;           /* with IPXLAT_MORE: how many bytes must be readable */
	u32 length;         /* of the packet, by its own account */
	u32 header_length;  /* of the network header with options or extensions */
	u32 pointer;        /* with ROUTING_HEADER: offset of the byte to blame */
	u32 id;             /* fragment identification */
	u16 offset;         /* of the fragment; a multiple of 8 */
	bool fragment;      /* MF or an offset; in IPv6: a Fragment header, atomic or not */
	bool more;          /* MF */
	bool dont_fragment; /* DF */
	u8 traffic_class;
	u8 hop_limit;
	u8 protocol; /* of what follows, in this family's numbers */
};

/*
 * RFC 791, RFC 8200; what RFC 7915 4.1 and 5.1 leave out is skipped. OK, IPXLAT_MORE, or why it cannot be
 * translated; then @out is valid as far as it was read.
 */
enum ipxlat_reason ipxlat_header_read4(const struct ipxlat_view *view, struct ipxlat_header *out,
				       struct ipxlat_ends4 *ends);
enum ipxlat_reason ipxlat_header_read6(const struct ipxlat_view *view, struct ipxlat_header *out,
				       struct ipxlat_ends6 *ends);

/* RFC 7915 4.1, 5.1: the protocol number in the other family. OK, or BAD_PROTOCOL */
enum ipxlat_reason ipxlat_header_protocol_to6(u8 protocol, u8 *out);
enum ipxlat_reason ipxlat_header_protocol_to4(u8 protocol, u8 *out);

/*
 * RFC 7915 4.1, 5.1. Writes @header for the other family to @out, which has room for 48 or 20 bytes, and
 * returns how many were written. It describes the source packet, but @protocol is in the new family's
 * numbers, and @payload are the bytes that will follow. The hop limit stays: forwarding decrements it.
 */
u32 ipxlat_header_write6(const struct ipxlat_header *header, const struct ipxlat_ends6 *ends,
			 u8 protocol, u32 payload, u8 *out);
u32 ipxlat_header_write4(const struct ipxlat_header *header, const struct ipxlat_ends4 *ends,
			 u8 protocol, u32 payload, bool dont_fragment, u8 *out);

IPXLAT_CORE_END

#endif
