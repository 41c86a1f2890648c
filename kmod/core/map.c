// SPDX-License-Identifier: GPL-2.0-only
#include "map.h"

/* the top @length bits; a shift by the whole width is undefined in C */
static u32 mask32(unsigned int length)
{
	return length ? ~0u << (32 - length) : 0;
}

static u64 mask64(unsigned int length)
{
	return length ? ~0ull << (64 - length) : 0;
}

static void load6(const struct in6_addr *address, u64 out[2])
{
	out[0] = (u64)be32_to_cpu(address->s6_addr32[0]) << 32 | be32_to_cpu(address->s6_addr32[1]);
	out[1] = (u64)be32_to_cpu(address->s6_addr32[2]) << 32 | be32_to_cpu(address->s6_addr32[3]);
}

static void store6(const u64 in[2], struct in6_addr *address)
{
	address->s6_addr32[0] = cpu_to_be32(in[0] >> 32);
	address->s6_addr32[1] = cpu_to_be32((u32)in[0]);
	address->s6_addr32[2] = cpu_to_be32(in[1] >> 32);
	address->s6_addr32[3] = cpu_to_be32((u32)in[1]);
}

static bool within4(u32 address, u32 first, u8 length)
{
	return !((address ^ first) & mask32(length));
}

static bool within6(const u64 address[2], const u64 first[2], u8 length)
{
	if (length <= 64)
		return !((address[0] ^ first[0]) & mask64(length));
	return address[0] == first[0] && !((address[1] ^ first[1]) & mask64(length - 64));
}

static const char *prefix4_refusal(__be32 address, u8 length)
{
	u32 a = be32_to_cpu(address);

	if (length > 32)
		return "local-map: the length of an IPv4 prefix must be 0 to 32";
	if (a & ~mask32(length))
		return "local-map: the bits behind an IPv4 prefix's length must be zero";
	/* a prefix that merely contains such addresses, as 0.0.0.0/0 does, is fine */
	if ((length >= 8 && (a >> 24 == 0 || a >> 24 == 127)) || (length >= 4 && a >> 28 == 0xe) ||
	    (length >= 16 && a >> 16 == 0xa9fe) || (length == 32 && a == 0xffffffff))
		return "local-map: 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, multicast and broadcast are not allowed";
	return NULL;
}

const char *ipxlat_map_entry_refusal(const struct ipxlat_map_entry *entry)
{
	struct ipxlat_prefix6 prefix6 = { entry->address6, entry->length6 };
	const char *why = prefix4_refusal(entry->address4, entry->length4);

	if (!why)
		why = ipxlat_addr_prefix6_refusal(&prefix6);
	if (!why && 32 - entry->length4 > 128 - entry->length6)
		why = "local-map: the IPv6 prefix is too long to hold the IPv4 suffix (RFC 7757 section 3.2)";
	return why;
}

size_t ipxlat_map_size(u32 count)
{
	return (size_t)count * (sizeof(struct ipxlat_map_node6) + sizeof(struct ipxlat_map_node4) +
				sizeof(struct ipxlat_map_entry));
}

static int compare4(const void *left, const void *right)
{
	const struct ipxlat_map_entry *l = left, *r = right;
	u32 a = be32_to_cpu(l->address4), b = be32_to_cpu(r->address4);

	if (a != b)
		return a < b ? -1 : 1;
	return (int)l->length4 - (int)r->length4;
}

/* while sorting, a node's parent holds its prefix length */
static int compare6(const void *left, const void *right)
{
	const struct ipxlat_map_node6 *l = left, *r = right;

	if (l->first[0] != r->first[0])
		return l->first[0] < r->first[0] ? -1 : 1;
	if (l->first[1] != r->first[1])
		return l->first[1] < r->first[1] ? -1 : 1;
	return (int)l->parent - (int)r->parent;
}

static u32 later(u32 a, u32 b)
{
	return a > b ? a : b;
}

static const char *build4(struct ipxlat_map_node4 *nodes, struct ipxlat_map_entry *entries,
			  u32 count, u32 *blame)
{
	u32 i, parent;

	ipxlat_sort(entries, count, sizeof(*entries), compare4);
	for (i = 0; i < count; i++) {
		nodes[i].first = be32_to_cpu(entries[i].address4);
		if (i && !compare4(&entries[i - 1], &entries[i])) {
			*blame = later(entries[i - 1].tag, entries[i].tag);
			return "local-map: this IPv4 prefix is in the map already";
		}
		parent = i ? i - 1 : IPXLAT_MAP_NONE;
		while (parent != IPXLAT_MAP_NONE &&
		       !within4(nodes[i].first, nodes[parent].first, entries[parent].length4))
			parent = nodes[parent].parent;
		nodes[i].parent = parent;
	}
	return NULL;
}

static const char *build6(struct ipxlat_map_node6 *nodes, const struct ipxlat_map_entry *entries,
			  u32 count, u32 *blame)
{
	u32 i, parent;

	for (i = 0; i < count; i++) {
		load6(&entries[i].address6, nodes[i].first);
		nodes[i].entry = i;
		nodes[i].parent = entries[i].length6;
	}
	ipxlat_sort(nodes, count, sizeof(*nodes), compare6);
	for (i = 1; i < count; i++) {
		if (!compare6(&nodes[i - 1], &nodes[i])) {
			*blame =
				later(entries[nodes[i - 1].entry].tag, entries[nodes[i].entry].tag);
			return "local-map: this IPv6 prefix is in the map already";
		}
	}
	for (i = 0; i < count; i++) {
		parent = i ? i - 1 : IPXLAT_MAP_NONE;
		while (parent != IPXLAT_MAP_NONE && !within6(nodes[i].first, nodes[parent].first,
							     entries[nodes[parent].entry].length6))
			parent = nodes[parent].parent;
		nodes[i].parent = parent;
	}
	return NULL;
}

const char *ipxlat_map_build(struct ipxlat_map *map, void *memory,
			     const struct ipxlat_map_entry *entries, u32 count, u32 *blame)
{
	struct ipxlat_map_node6 *by6 = memory;
	struct ipxlat_map_node4 *by4 = (void *)(by6 + count);
	struct ipxlat_map_entry *own = (void *)(by4 + count);
	const char *why;

	if (count)
		memcpy(own, entries, count * sizeof(*own));
	why = build4(by4, own, count, blame);
	if (!why)
		why = build6(by6, own, count, blame);
	if (why)
		return why;
	*map = (struct ipxlat_map){ .count = count, .entries = own, .by4 = by4, .by6 = by6 };
	return NULL;
}

const struct ipxlat_map_entry *ipxlat_map_find4(const struct ipxlat_map *map, __be32 address)
{
	u32 a = be32_to_cpu(address);
	u32 low = 0, high = map->count;
	u32 at;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (map->by4[middle].first <= a)
			low = middle + 1;
		else
			high = middle;
	}
	for (at = low ? low - 1 : IPXLAT_MAP_NONE; at != IPXLAT_MAP_NONE; at = map->by4[at].parent)
		if (within4(a, map->by4[at].first, map->entries[at].length4))
			return &map->entries[at];
	return NULL;
}

const struct ipxlat_map_entry *ipxlat_map_find6(const struct ipxlat_map *map,
						const struct in6_addr *address)
{
	u32 low = 0, high = map->count;
	u64 a[2];
	u32 at;

	if (!map->count)
		return NULL;
	load6(address, a);
	while (low < high) {
		u32 middle = low + (high - low) / 2;
		const u64 *first = map->by6[middle].first;

		if (first[0] < a[0] || (first[0] == a[0] && first[1] <= a[1]))
			low = middle + 1;
		else
			high = middle;
	}
	for (at = low ? low - 1 : IPXLAT_MAP_NONE; at != IPXLAT_MAP_NONE;
	     at = map->by6[at].parent) {
		const struct ipxlat_map_entry *entry = &map->entries[map->by6[at].entry];

		if (within6(a, map->by6[at].first, entry->length6))
			return entry;
	}
	return NULL;
}

const struct ipxlat_map_entry *ipxlat_map_find_entry(const struct ipxlat_map *map,
						     const struct ipxlat_map_entry *wanted)
{
	u32 low = 0, high = map->count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;
		const struct ipxlat_map_entry *entry = &map->entries[middle];
		int order = compare4(entry, wanted);

		if (!order)
			return entry->length6 == wanted->length6 &&
					       !memcmp(&entry->address6, &wanted->address6, 16) ?
				       entry :
				       NULL;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* RFC 7757 3.3.1: the IPv4 suffix stands right behind the IPv6 prefix, zeros follow */
void ipxlat_map_entry_to6(const struct ipxlat_map_entry *entry, __be32 address,
			  struct in6_addr *out)
{
	unsigned int room = 128 - entry->length6 - (32 - entry->length4);
	u64 suffix = be32_to_cpu(address) & ~mask32(entry->length4);
	u64 bits[2];

	load6(&entry->address6, bits);
	if (room >= 64) {
		bits[0] |= suffix << (room - 64);
	} else {
		bits[1] |= suffix << room;
		if (room > 32)
			bits[0] |= suffix >> (64 - room);
	}
	store6(bits, out);
}

/* RFC 7757 3.3.2: bits behind the suffix are ignored */
__be32 ipxlat_map_entry_to4(const struct ipxlat_map_entry *entry, const struct in6_addr *address)
{
	unsigned int room = 128 - entry->length6 - (32 - entry->length4);
	u64 bits[2];
	u64 suffix;

	load6(address, bits);
	if (room >= 64)
		suffix = bits[0] >> (room - 64);
	else
		suffix = bits[1] >> room | (room > 32 ? bits[0] << (64 - room) : 0);
	return entry->address4 | cpu_to_be32((u32)suffix & ~mask32(entry->length4));
}
