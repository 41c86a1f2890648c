/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The algebra of the Internet checksum (RFC 1071, RFC 1624).
 *
 * A sum is the ones' complement sum of 16-bit words as they lie in memory, carried in 64 bits and
 * folded at the end; the byte order of the machine cancels out. A check is what a header holds.
 */
#ifndef _IPXLAT_CORE_CSUM_H
#define _IPXLAT_CORE_CSUM_H

#include "env.h"

IPXLAT_CORE_BEGIN

/* adding the halves in both orders carries what overflows one half into the other, which has the sum */
static inline u16 ipxlat_sum_fold(u64 sum)
{
	u32 half;

	sum += sum << 32 | sum >> 32;
	half = sum >> 32;
	half += half << 16 | half >> 16;
	return half >> 16;
}

static inline u64 ipxlat_sum16(__be16 word)
{
	return (__force u16)word;
}

static inline u64 ipxlat_sum32(__be32 word)
{
	return (__force u32)word;
}

static inline u64 ipxlat_sum_address6(const struct in6_addr *address)
{
	return ipxlat_sum32(address->s6_addr32[0]) + ipxlat_sum32(address->s6_addr32[1]) +
	       ipxlat_sum32(address->s6_addr32[2]) + ipxlat_sum32(address->s6_addr32[3]);
}

/* @data starts at an even offset of the message; an odd last byte is padded. Not folded, however short. */
u64 ipxlat_sum_bytes(const u8 *data, u32 length);

/* the check of a message with this sum, the check field taken as zero */
static inline __be16 ipxlat_check(u64 sum)
{
	return (__force __be16)(u16)~ipxlat_sum_fold(sum);
}

/*
 * The check after words that sum to @from became words that sum to @to. Bit by bit the same where
 * both are congruent, and wrong by as much as before where it was wrong (RFC 1624 equation 3).
 */
static inline __be16 ipxlat_check_replace(__be16 check, u64 from, u64 to)
{
	/* a word of ones is zero in this arithmetic, so this takes @from away; sums have less than 48 bits */
	__be16 replaced =
		ipxlat_check((u64)(u16) ~(__force u16)check + 0xffffffffffffull - from + to);

	/* zero has two forms; the one that came stays where nothing has changed */
	return !replaced && check == (__force __be16)0xffff ? check : replaced;
}

IPXLAT_CORE_END

#endif
