/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explicit address mapping table (RFC 7757), a value: built once, then only read.
 *
 * Two arrays sorted by prefix, one a family, searched by bisection. Prefixes nest or are disjoint,
 * so the last one that starts at or before an address is the longest match or lies within it; each
 * knows the prefix that encloses it.
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

struct ipxlat_map_node4 {
	u32 first;  /* host byte order */
	u32 parent; /* index of the enclosing prefix, or IPXLAT_MAP_NONE; entry index = node index */
};

struct ipxlat_map_node6 {
	u64 first[2]; /* host byte order, high half first */
	u32 parent;
	u32 entry;
};

#define IPXLAT_MAP_NONE 0xffffffff

struct ipxlat_map {
	u32 count;
	const struct ipxlat_map_entry *entries; /* sorted by IPv4 prefix */
	const struct ipxlat_map_node4 *by4;
	const struct ipxlat_map_node6 *by6;
};

/* NULL if @entry may be in a map, else the sentence that says why not (RFC 7757 3.2) */
const char *ipxlat_map_entry_refusal(const struct ipxlat_map_entry *entry);

/* bytes that ipxlat_map_build() needs for @count entries */
size_t ipxlat_map_size(u32 count);

/*
 * Builds @map in @memory, aligned to 8 bytes, ipxlat_map_size() long, to live as long as the map, out
 * of @entries, which it copies and of which each is allowed. NULL, or the sentence that says which
 * prefix is there twice, with @blame set to the larger tag of the two entries.
 */
const char *ipxlat_map_build(struct ipxlat_map *map, void *memory,
			     const struct ipxlat_map_entry *entries, u32 count, u32 *blame);

/* the entry with the longest matching prefix, or NULL */
const struct ipxlat_map_entry *ipxlat_map_find4(const struct ipxlat_map *map, __be32 address);
const struct ipxlat_map_entry *ipxlat_map_find6(const struct ipxlat_map *map,
						const struct in6_addr *address);

/* the entry with exactly these two prefixes, or NULL */
const struct ipxlat_map_entry *ipxlat_map_find_entry(const struct ipxlat_map *map,
						     const struct ipxlat_map_entry *wanted);

/* RFC 7757 3.3: the address in the other family; @address is in the entry's prefix */
void ipxlat_map_entry_to6(const struct ipxlat_map_entry *entry, __be32 address,
			  struct in6_addr *out);
__be32 ipxlat_map_entry_to4(const struct ipxlat_map_entry *entry, const struct in6_addr *address);

IPXLAT_CORE_END

#endif
