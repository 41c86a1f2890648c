// SPDX-License-Identifier: GPL-2.0-only
/* How a map is made: from entries, or from another map. */
#include "map.h"
#include "map_bits.h"

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
	return (size_t)count * (sizeof(struct ipxlat_map_key6) + sizeof(struct ipxlat_map_link6) +
				sizeof(struct ipxlat_map_entry) + 2 * sizeof(u32));
}

static int compare4(const struct ipxlat_map_entry *l, const struct ipxlat_map_entry *r)
{
	u32 a = be32_to_cpu(l->address4), b = be32_to_cpu(r->address4);

	ipxlat_yield();
	if (a != b)
		return a < b ? -1 : 1;
	return (int)l->length4 - (int)r->length4;
}

static int compare6(const struct ipxlat_map_entry *l, const struct ipxlat_map_entry *r)
{
	int order = memcmp(&l->address6, &r->address6, sizeof(l->address6));

	ipxlat_yield();
	return order ? order : (int)l->length6 - (int)r->length6;
}

static int sort4(const void *left, const void *right, IPXLAT_SORT_CONTEXT *unused)
{
	(void)unused;
	return compare4(left, right);
}

static int sort6(const void *left, const void *right, IPXLAT_SORT_CONTEXT *entries)
{
	const struct ipxlat_map_entry *own = entries;
	const struct ipxlat_map_link6 *l = left, *r = right;

	return compare6(&own[l->entry], &own[r->entry]);
}

static u32 later(u32 a, u32 b)
{
	return a > b ? a : b;
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
			return compare6(entry, wanted) ? NULL : entry;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *ipxlat_map_remove(const struct ipxlat_map *from, u32 *place,
			      const struct ipxlat_map_entry *entries, u32 count, u32 *blame)
{
	u32 i;

	for (i = 0; i < count; i++) {
		const struct ipxlat_map_entry *entry = ipxlat_map_find_entry(from, &entries[i]);

		if (!entry || place[entry - from->entries] == IPXLAT_MAP_NONE) {
			*blame = entries[i].tag;
			return "local-map: there is no such entry to remove";
		}
		place[entry - from->entries] = IPXLAT_MAP_NONE;
	}
	return NULL;
}

/* the arrays of a map that is being built */
struct draft {
	struct ipxlat_map_entry *entries;
	struct ipxlat_map_link6 *links6;
	struct ipxlat_map_key6 *keys6;
	u32 *keys4;
	u32 *parents4;
	u32 count;
};

/*
 * The additions stand sorted at the front of an array. It is filled from its end, so that none is
 * overwritten before it has its place.
 */
static void merge4(struct draft *draft, const struct ipxlat_map *from, u32 *place, u32 adds)
{
	struct ipxlat_map_entry *own = draft->entries;
	u32 old = from->count;
	u32 at = draft->count;

	while (at) {
		ipxlat_yield();
		if (old && place[old - 1] == IPXLAT_MAP_NONE) {
			old--;
		} else if (!old ||
			   (adds && compare4(&own[adds - 1], &from->entries[old - 1]) > 0)) {
			own[--at] = own[--adds];
			draft->links6[adds].entry = at;
		} else {
			own[--at] = from->entries[--old];
			own[at].tag = 0;
			place[old] = at;
		}
	}
}

static void merge6(struct draft *draft, const struct ipxlat_map *from, const u32 *place, u32 adds)
{
	const struct ipxlat_map_entry *own = draft->entries;
	struct ipxlat_map_link6 *links = draft->links6;
	u32 old = from->count;
	u32 at = draft->count;

	while (at) {
		u32 entry = old ? place[from->links6[old - 1].entry] : IPXLAT_MAP_NONE;

		ipxlat_yield();
		if (old && entry == IPXLAT_MAP_NONE) {
			old--;
		} else if (!old ||
			   (adds && compare6(&own[links[adds - 1].entry], &own[entry]) > 0)) {
			links[--at].entry = links[--adds].entry;
		} else {
			links[--at].entry = entry;
			old--;
		}
	}
}

static const char *link4(struct draft *draft, u32 *blame)
{
	const struct ipxlat_map_entry *own = draft->entries;
	const u32 *keys = draft->keys4;
	u32 i, parent;

	for (i = 0; i < draft->count; i++) {
		draft->keys4[i] = be32_to_cpu(own[i].address4);
		if (i && !compare4(&own[i - 1], &own[i])) {
			*blame = later(own[i - 1].tag, own[i].tag);
			return "local-map: this IPv4 prefix is in the map already";
		}
		parent = i ? i - 1 : IPXLAT_MAP_NONE;
		while (parent != IPXLAT_MAP_NONE &&
		       !within4(keys[i], keys[parent], own[parent].length4))
			parent = draft->parents4[parent];
		draft->parents4[i] = parent;
	}
	return NULL;
}

static const char *link6(struct draft *draft, u32 *blame)
{
	struct ipxlat_map_link6 *links = draft->links6;
	const struct ipxlat_map_key6 *keys = draft->keys6;
	const struct ipxlat_map_entry *previous = NULL;
	u32 i, parent;

	for (i = 0; i < draft->count; i++) {
		const struct ipxlat_map_entry *entry = &draft->entries[links[i].entry];

		draft->keys6[i] = load6(&entry->address6);
		if (previous && !compare6(previous, entry)) {
			*blame = later(previous->tag, entry->tag);
			return "local-map: this IPv6 prefix is in the map already";
		}
		previous = entry;
		parent = i ? i - 1 : IPXLAT_MAP_NONE;
		while (parent != IPXLAT_MAP_NONE &&
		       !within6(keys[i], keys[parent], draft->entries[links[parent].entry].length6))
			parent = links[parent].parent;
		links[i].parent = parent;
	}
	return NULL;
}

/* by alignment: keys6 first */
static void lay_out(struct draft *draft, void *memory, u32 count)
{
	draft->count = count;
	draft->keys6 = memory;
	draft->links6 = (void *)(draft->keys6 + count);
	draft->entries = (void *)(draft->links6 + count);
	draft->keys4 = (void *)(draft->entries + count);
	draft->parents4 = draft->keys4 + count;
}

const char *ipxlat_map_merge(struct ipxlat_map *map, void *memory, u32 count,
			     const struct ipxlat_map *from, u32 *place,
			     const struct ipxlat_map_entry *add, u32 adds, u32 *blame)
{
	struct draft draft;
	const char *why;

	lay_out(&draft, memory, count);
	if (adds)
		memcpy(draft.entries, add, adds * sizeof(*add));
	ipxlat_sort(draft.entries, adds, sizeof(*add), sort4, NULL);
	merge4(&draft, from, place, adds);
	why = link4(&draft, blame);
	if (why)
		return why;
	ipxlat_sort(draft.links6, adds, sizeof(*draft.links6), sort6, draft.entries);
	merge6(&draft, from, place, adds);
	why = link6(&draft, blame);
	if (why)
		return why;
	*map = (struct ipxlat_map){
		.count = count,
		.entries = draft.entries,
		.keys4 = draft.keys4,
		.parents4 = draft.parents4,
		.keys6 = draft.keys6,
		.links6 = draft.links6,
	};
	return NULL;
}

const char *ipxlat_map_build(struct ipxlat_map *map, void *memory,
			     const struct ipxlat_map_entry *entries, u32 count, u32 *blame)
{
	const struct ipxlat_map empty = {};

	return ipxlat_map_merge(map, memory, count, &empty, NULL, entries, count, blame);
}
