/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ICMP tables of RFC 7915 4.2 and 5.2.
 */
#ifndef _IPXLAT_CORE_ICMP_H
#define _IPXLAT_CORE_ICMP_H

#include "env.h"

IPXLAT_CORE_BEGIN

/* what the second word of an ICMP error holds */
enum ipxlat_icmp_word {
	IPXLAT_ICMP_WORD_UNUSED,
	IPXLAT_ICMP_WORD_MTU,
	IPXLAT_ICMP_WORD_POINTER,
};

struct ipxlat_icmp {
	u8 type;
	u8 code;
	enum ipxlat_icmp_word word;
	u32 pointer; /* with IPXLAT_ICMP_WORD_POINTER */
};

/* RFC 792, RFC 1256 and others / RFC 4443 2.1 */
bool ipxlat_icmp4_is_error(u8 type);
bool ipxlat_icmp6_is_error(u8 type);

/* RFC 4884 4: the others of ICMPv6 have no room for a Length, nor extensions; all of ICMPv4 have */
bool ipxlat_icmp6_has_length(u8 type);

/* echo request and reply: OK, or ICMP_TYPE */
enum ipxlat_reason ipxlat_icmp_query_to6(u8 type, u8 code, struct ipxlat_icmp *out);
enum ipxlat_reason ipxlat_icmp_query_to4(u8 type, u8 code, struct ipxlat_icmp *out);

/* @word: the second word of the message, host byte order. OK, ICMP_TYPE or ICMP_POINTER */
enum ipxlat_reason ipxlat_icmp_error_to6(u8 type, u8 code, u32 word, struct ipxlat_icmp *out);
enum ipxlat_reason ipxlat_icmp_error_to4(u8 type, u8 code, u32 word, struct ipxlat_icmp *out);

IPXLAT_CORE_END

#endif
