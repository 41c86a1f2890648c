/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses as numbers in host byte order, for the map alone.
 */
#ifndef _IPXLAT_CORE_MAP_BITS_H
#define _IPXLAT_CORE_MAP_BITS_H

#include "env.h"

/* an IPv6 address, host byte order */
struct ipxlat_map_key6 {
	u64 high;
	u64 low;
};

/* the top @length bits; a shift by the whole width is undefined in C */
static inline u32 mask32(unsigned int length)
{
	return length ? ~0u << (32 - length) : 0;
}

static inline u64 mask64(unsigned int length)
{
	return length ? ~0ull << (64 - length) : 0;
}

static inline struct ipxlat_map_key6 load6(const struct in6_addr *address)
{
	__be64 half[2];

	memcpy(half, address, sizeof(half));
	return (struct ipxlat_map_key6){ be64_to_cpu(half[0]), be64_to_cpu(half[1]) };
}

static inline void store6(struct ipxlat_map_key6 in, struct in6_addr *address)
{
	__be64 half[2] = { cpu_to_be64(in.high), cpu_to_be64(in.low) };

	memcpy(address, half, sizeof(half));
}

static inline bool within4(u32 address, u32 first, u8 length)
{
	return address == first || !((address ^ first) & mask32(length));
}

static inline bool within6(struct ipxlat_map_key6 address, struct ipxlat_map_key6 first, u8 length)
{
	if (address.high == first.high && address.low == first.low)
		return true;
	if (length <= 64)
		return !((address.high ^ first.high) & mask64(length));
	return address.high == first.high && !((address.low ^ first.low) & mask64(length - 64));
}

#endif
