/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of a device as it is published: immutable, read under RCU, replaced as a whole.
 */
#ifndef _IPXLAT_CONFIG_H
#define _IPXLAT_CONFIG_H

#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>

#include "core/config.h"

/* what a map lies in; one that does not change passes from a configuration to the next */
struct ipxlat_map_memory {
	struct rcu_head rcu;
	u64 data[];
};

struct ipxlat_published {
	struct rcu_head rcu;
	u32 generation;
	struct ipxlat_config config;
	struct ipxlat_map_memory *map_memory; /* of config.map; NULL if it is empty */
};

struct ipxlat_slot {
	struct ipxlat_published __rcu *published;
	struct mutex lock; /* serialises changes of @published */
};

/*
 * A request in plain form. The tag of an entry is the offset of its attribute in the message; it is
 * not 0. Owned by the caller.
 */
struct ipxlat_change {
	bool set_remote_prefix6;
	bool set_lowest_ipv6_mtu;
	bool set_icmp_source4;
	bool set_udp_zero_checksum;
	bool flush;
	struct ipxlat_settings settings;
	struct ipxlat_map_entry *del;
	struct ipxlat_map_entry *add;
	u32 dels;
	u32 adds;
};

/* a slot that holds the defaults; -ENOMEM */
int ipxlat_config_init(struct ipxlat_slot *slot);

/* no reader may be left */
void ipxlat_config_destroy(struct ipxlat_slot *slot);

/*
 * Applies @change to what the slot holds, with slot->lock held, may sleep. 0, or -EINVAL, -EEXIST,
 * -ENOENT, -E2BIG, -ENOMEM with @why set to a sentence (not for -ENOMEM) and @blame to the tag of the
 * entry at fault or 0; then nothing has changed.
 */
int ipxlat_config_change(struct ipxlat_slot *slot, const struct ipxlat_change *change,
			 const char **why, u32 *blame);

#endif
