// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <linux/mm.h>
#include <linux/slab.h>

static struct ipxlat_published *alloc(void)
{
	return kzalloc(sizeof(struct ipxlat_published), GFP_KERNEL_ACCOUNT);
}

int ipxlat_config_init(struct ipxlat_slot *slot)
{
	struct ipxlat_published *published = alloc();

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
	struct ipxlat_published *published = rcu_dereference_protected(slot->published, true);

	kvfree(published->map_memory);
	kfree(published);
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

static int refuse_additions(const struct ipxlat_change *change, const char **why, u32 *blame)
{
	u32 i;

	for (i = 0; i < change->adds; i++) {
		cond_resched();
		*why = ipxlat_map_entry_refusal(&change->add[i]);
		if (*why) {
			*blame = change->add[i].tag;
			return -EINVAL;
		}
	}
	return 0;
}

/* @place: a zero for each entry of @from; @count: of what remains and what is added */
static int merge(struct ipxlat_published *next, const struct ipxlat_map *from, u32 *place,
		 const struct ipxlat_change *change, u32 count, const char **why, u32 *blame)
{
	struct ipxlat_map_memory *memory = NULL;

	if (count) {
		memory = kvmalloc(struct_size(memory, data, 0) + ipxlat_map_size(count),
				  GFP_KERNEL_ACCOUNT);
		if (!memory)
			return -ENOMEM;
		*why = ipxlat_map_merge(&next->config.map, memory->data, count, from, place,
					change->add, change->adds, blame);
		if (*why) {
			kvfree(memory);
			return -EEXIST;
		}
	}
	next->map_memory = memory;
	return 0;
}

static int change_map(struct ipxlat_published *next, const struct ipxlat_map *from,
		      const struct ipxlat_change *change, const char **why, u32 *blame)
{
	u32 *place;
	u64 count;
	int err;

	place = kvcalloc(from->count + 1, sizeof(*place), GFP_KERNEL);
	if (!place)
		return -ENOMEM;
	*why = ipxlat_map_remove(from, place, change->del, change->dels, blame);
	err = *why ? -ENOENT : refuse_additions(change, why, blame);
	if (err)
		goto free;
	count = (u64)from->count - change->dels + change->adds;
	if (count > IPXLAT_MAP_ENTRIES_MAX) {
		*why = "local-map: more than 1000000 entries";
		err = -E2BIG;
		goto free;
	}
	err = merge(next, from, place, change, count, why, blame);

free:
	kvfree(place);
	return err;
}

static bool changes_map(const struct ipxlat_change *change)
{
	return change->flush || change->dels || change->adds;
}

/* the map of @old, or another as @change asks for */
static int set_map(struct ipxlat_published *next, const struct ipxlat_published *old,
		   const struct ipxlat_change *change, const char **why, u32 *blame)
{
	static const struct ipxlat_map empty;

	if (changes_map(change))
		return change_map(next, change->flush ? &empty : &old->config.map, change, why,
				  blame);
	next->config.map = old->config.map;
	next->map_memory = old->map_memory;
	return 0;
}

int ipxlat_config_change(struct ipxlat_slot *slot, const struct ipxlat_change *change,
			 const char **why, u32 *blame)
{
	struct ipxlat_published *old, *next;
	int err;

	old = rcu_dereference_protected(slot->published, lockdep_is_held(&slot->lock));
	*why = NULL;
	*blame = 0;
	next = alloc();
	if (!next)
		return -ENOMEM;
	next->generation = old->generation + 1;
	next->config.settings = old->config.settings;
	merge_settings(&next->config.settings, change);
	*why = ipxlat_settings_refusal(&next->config.settings);
	err = *why ? -EINVAL : set_map(next, old, change, why, blame);
	if (err) {
		kfree(next);
		return err;
	}
	ipxlat_config_finish(&next->config);
	rcu_assign_pointer(slot->published, next);
	/* readers of older configurations with this map are as old as those of @old, at the latest */
	if (old->map_memory && old->map_memory != next->map_memory)
		kvfree_rcu(old->map_memory, rcu);
	kfree_rcu(old, rcu);
	return 0;
}
