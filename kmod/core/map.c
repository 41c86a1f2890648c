// SPDX-License-Identifier: GPL-2.0-only
#include "map.h"
#include "map_bits.h"

/*
 * The last of the keys that is not behind @address, or the first. Without a branch on what it compares. The
 * map is not empty.
 */
static u32 search4(const struct ipxlat_map *map, u32 address)
{
	const u32 *keys = map->keys4;
	u32 count = map->count;
	u32 at = 0;

	while (count > 1) {
		u32 half = count / 2;

		at += keys[at + half] <= address ? half : 0;
		count -= half;
	}
	return at;
}

static bool behind(struct ipxlat_map_key6 key, struct ipxlat_map_key6 address)
{
	return key.high > address.high || (key.high == address.high && key.low > address.low);
}

static u32 search6(const struct ipxlat_map *map, struct ipxlat_map_key6 address)
{
	const struct ipxlat_map_key6 *keys = map->keys6;
	u32 count = map->count;
	u32 at = 0;

	while (count > 1) {
		u32 half = count / 2;

		at += behind(keys[at + half], address) ? 0 : half;
		count -= half;
	}
	return at;
}

const struct ipxlat_map_entry *ipxlat_map_find4(const struct ipxlat_map *map, __be32 address)
{
	u32 a = be32_to_cpu(address);
	u32 at;

	if (!map->count)
		return NULL;
	for (at = search4(map, a); at != IPXLAT_MAP_NONE; at = map->parents4[at])
		if (within4(a, map->keys4[at], map->entries[at].length4))
			return &map->entries[at];
	return NULL;
}

const struct ipxlat_map_entry *ipxlat_map_find6(const struct ipxlat_map *map,
						const struct in6_addr *address)
{
	struct ipxlat_map_key6 a = load6(address);
	u32 at;

	if (!map->count)
		return NULL;
	for (at = search6(map, a); at != IPXLAT_MAP_NONE; at = map->links6[at].parent) {
		const struct ipxlat_map_entry *entry = &map->entries[map->links6[at].entry];

		if (within6(a, map->keys6[at], entry->length6))
			return entry;
	}
	return NULL;
}

bool ipxlat_map_meets6(const struct ipxlat_map *map, const struct ipxlat_prefix6 *prefix)
{
	struct ipxlat_map_key6 first = load6(&prefix->address);
	struct ipxlat_map_key6 last = first;

	if (!map->count)
		return false;
	if (prefix->length < 64)
		last.high |= ~mask64(prefix->length);
	last.low |= ~mask64(prefix->length < 64 ? 0 : prefix->length - 64);
	/* an entry that begins in the prefix, or one that the prefix is in */
	return within6(map->keys6[search6(map, last)], first, prefix->length) ||
	       ipxlat_map_find6(map, &prefix->address);
}

/* RFC 7757 3.3.1: the IPv4 suffix stands right behind the IPv6 prefix, zeros follow */
void ipxlat_map_entry_to6(const struct ipxlat_map_entry *entry, __be32 address,
			  struct in6_addr *out)
{
	unsigned int room = 128 - entry->length6 - (32 - entry->length4);
	struct ipxlat_map_key6 bits;
	u64 suffix;

	/* a host, as most entries are: there is no suffix */
	if (entry->length4 == 32) {
		*out = entry->address6;
		return;
	}
	bits = load6(&entry->address6);
	suffix = be32_to_cpu(address) & ~mask32(entry->length4);
	if (room >= 64) {
		bits.high |= suffix << (room - 64);
	} else {
		bits.low |= suffix << room;
		if (room > 32)
			bits.high |= suffix >> (64 - room);
	}
	store6(bits, out);
}

/* RFC 7757 3.3.2: bits behind the suffix are ignored */
__be32 ipxlat_map_entry_to4(const struct ipxlat_map_entry *entry, const struct in6_addr *address)
{
	unsigned int room = 128 - entry->length6 - (32 - entry->length4);
	struct ipxlat_map_key6 bits;
	u64 suffix;

	if (entry->length4 == 32)
		return entry->address4;
	bits = load6(address);
	if (room >= 64)
		suffix = bits.high >> (room - 64);
	else
		suffix = bits.low >> room | (room > 32 ? bits.high << (64 - room) : 0);
	return entry->address4 | cpu_to_be32((u32)suffix & ~mask32(entry->length4));
}
