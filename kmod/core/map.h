/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explicit address mapping table (RFC 7757), a value: built once, then only read.
 *
 * The entries are sorted by IPv4 prefix. Each family has an array of the first addresses of its
 * prefixes, sorted, and nothing else in it, to be searched by bisection. Prefixes nest or are
 * disjoint, so the last one that starts at or before an address is the longest match or lies within
 * it; each knows the prefix that encloses it.
 */
#ifndef _IPXLAT_CORE_MAP_H
#define _IPXLAT_CORE_MAP_H

#include "addr.h"

IPXLAT_CORE_BEGIN

/* @tag is the caller's: it comes back in a refusal */
struct ipxlat_map_entry {
	struct in6_addr address6;
	__be32 address4;
	u8 length6;
	u8 length4;
	u32 tag;
};

#define IPXLAT_MAP_NONE 0xffffffff

struct ipxlat_map_key6; /* map_bits.h */

struct ipxlat_map_link6 {
	u32 parent; /* index of the enclosing prefix in keys6, or IPXLAT_MAP_NONE */
	u32 entry;
};

struct ipxlat_map {
	u32 count;
	const struct ipxlat_map_entry *entries; /* sorted by IPv4 prefix */
	const u32 *keys4;                       /* of each entry, host byte order */
	const u32 *parents4; /* index of the enclosing entry, or IPXLAT_MAP_NONE */
	const struct ipxlat_map_key6 *keys6;
	const struct ipxlat_map_link6 *links6; /* of each of keys6 */
};

/* NULL if @entry may be in a map, else the sentence that says why not (RFC 7757 3.2) */
const char *ipxlat_map_entry_refusal(const struct ipxlat_map_entry *entry);

/* bytes that a map of @count entries needs */
size_t ipxlat_map_size(u32 count);

/*
 * Builds @map in @memory, aligned to 8 bytes, ipxlat_map_size() long, to live as long as the map, out
 * of @entries, which it copies and of which each is allowed. NULL, or the sentence that says which
 * prefix is there twice, with @blame set to the larger tag of the two entries.
 */
const char *ipxlat_map_build(struct ipxlat_map *map, void *memory,
			     const struct ipxlat_map_entry *entries, u32 count, u32 *blame);

/*
 * A map changes in two steps: what goes is marked in @place, from->count zeros of the caller's, then
 * what remains and what is added, @count in all, become a new map, as if built. Only the additions are
 * sorted. Tags of what remains become 0. In the kernel, both may sleep.
 *
 * Both return NULL, or the sentence that says what is wrong, with @blame set to a tag.
 */
const char *ipxlat_map_remove(const struct ipxlat_map *from, u32 *place,
			      const struct ipxlat_map_entry *entries, u32 count, u32 *blame);
const char *ipxlat_map_merge(struct ipxlat_map *map, void *memory, u32 count,
			     const struct ipxlat_map *from, u32 *place,
			     const struct ipxlat_map_entry *add, u32 adds, u32 *blame);

/* the entry with the longest matching prefix, or NULL */
const struct ipxlat_map_entry *ipxlat_map_find4(const struct ipxlat_map *map, __be32 address);
const struct ipxlat_map_entry *ipxlat_map_find6(const struct ipxlat_map *map,
						const struct in6_addr *address);

/* whether the IPv6 prefix of an entry has an address in common with @prefix */
bool ipxlat_map_meets6(const struct ipxlat_map *map, const struct ipxlat_prefix6 *prefix);

/* the entry with exactly these two prefixes, or NULL; may sleep */
const struct ipxlat_map_entry *ipxlat_map_find_entry(const struct ipxlat_map *map,
						     const struct ipxlat_map_entry *wanted);

/* RFC 7757 3.3: the address in the other family; @address is in the entry's prefix */
void ipxlat_map_entry_to6(const struct ipxlat_map_entry *entry, __be32 address,
			  struct in6_addr *out);
__be32 ipxlat_map_entry_to4(const struct ipxlat_map_entry *entry, const struct in6_addr *address);

IPXLAT_CORE_END

#endif
