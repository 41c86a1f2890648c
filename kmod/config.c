// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>

static struct ipxlat_published *alloc(u32 entries)
{
	return kvzalloc(sizeof(struct ipxlat_published) + ipxlat_map_size(entries),
			GFP_KERNEL_ACCOUNT);
}

int ipxlat_config_init(struct ipxlat_slot *slot)
{
	struct ipxlat_published *published = alloc(0);

	if (!published)
		return -ENOMEM;
	/* a dump takes generation 0 for none */
	published->generation = 1;
	ipxlat_settings_default(&published->config.settings);
	mutex_init(&slot->lock);
	RCU_INIT_POINTER(slot->published, published);
	return 0;
}

void ipxlat_config_destroy(struct ipxlat_slot *slot)
{
	kvfree(rcu_dereference_protected(slot->published, true));
}

static void merge_settings(struct ipxlat_settings *to, const struct ipxlat_change *change)
{
	const struct ipxlat_settings *from = &change->settings;

	if (change->set_remote_prefix6)
		to->remote_prefix6 = from->remote_prefix6;
	if (change->set_lowest_ipv6_mtu)
		to->lowest_ipv6_mtu = from->lowest_ipv6_mtu;
	if (change->set_icmp_source4)
		to->icmp_source4 = from->icmp_source4;
	if (change->set_udp_zero_checksum)
		to->udp_zero_checksum = from->udp_zero_checksum;
}

/* one bit an entry of @map: it goes */
static int mark_removed(const struct ipxlat_map *map, const struct ipxlat_change *change,
			unsigned long *gone, const char **why, u32 *blame)
{
	u32 i;

	for (i = 0; i < change->dels; i++) {
		const struct ipxlat_map_entry *entry;

		entry = change->flush ? NULL : ipxlat_map_find_entry(map, &change->del[i]);
		if (!entry || __test_and_set_bit(entry - map->entries, gone)) {
			*why = "local-map: there is no such entry to remove";
			*blame = change->del[i].tag;
			return -ENOENT;
		}
	}
	return 0;
}

/* what remains of @map and what is added, in @out; returns how many or an error */
static int merge_map(const struct ipxlat_map *map, const struct ipxlat_change *change,
		     struct ipxlat_map_entry *out, const char **why, u32 *blame)
{
	unsigned long *gone;
	u32 count = 0;
	int err;
	u32 i;

	gone = kvcalloc(BITS_TO_LONGS(map->count + 1), sizeof(*gone), GFP_KERNEL);
	if (!gone)
		return -ENOMEM;
	err = mark_removed(map, change, gone, why, blame);
	for (i = 0; !err && !change->flush && i < map->count; i++) {
		if (test_bit(i, gone))
			continue;
		out[count] = map->entries[i];
		out[count++].tag = 0;
	}
	kvfree(gone);
	if (err)
		return err;
	for (i = 0; i < change->adds; i++)
		out[count++] = change->add[i];
	return count;
}

static int build_map(struct ipxlat_published *next, const struct ipxlat_map *map,
		     const struct ipxlat_change *change, u32 room, const char **why, u32 *blame)
{
	struct ipxlat_map_entry *entries;
	int count;

	entries = kvmalloc_array(room + 1, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	count = merge_map(map, change, entries, why, blame);
	if (count >= 0) {
		u32 i;

		for (i = 0; i < count && !*why; i++) {
			*why = ipxlat_map_entry_refusal(&entries[i]);
			*blame = entries[i].tag;
		}
		if (*why) {
			count = -EINVAL;
		} else {
			*why = ipxlat_map_build(&next->config.map, next->memory, entries, count,
						blame);
			if (*why)
				count = -EEXIST;
		}
	}
	kvfree(entries);
	return min(count, 0);
}

int ipxlat_config_change(struct ipxlat_slot *slot, const struct ipxlat_change *change,
			 const char **why, u32 *blame)
{
	struct ipxlat_published *old, *next;
	u64 room;
	int err;

	old = rcu_dereference_protected(slot->published, lockdep_is_held(&slot->lock));
	*why = NULL;
	*blame = 0;
	room = change->flush ? 0 : old->config.map.count;
	room += change->adds;
	if (room - min_t(u64, room, change->dels) > IPXLAT_MAP_ENTRIES_MAX) {
		*why = "local-map: more than 1000000 entries";
		return -E2BIG;
	}
	next = alloc(room);
	if (!next)
		return -ENOMEM;
	next->generation = old->generation + 1;
	next->config.settings = old->config.settings;
	merge_settings(&next->config.settings, change);
	*why = ipxlat_settings_refusal(&next->config.settings);
	err = *why ? -EINVAL : build_map(next, &old->config.map, change, room, why, blame);
	if (err) {
		kvfree(next);
		return err;
	}
	rcu_assign_pointer(slot->published, next);
	kvfree_rcu(old, rcu);
	return 0;
}
