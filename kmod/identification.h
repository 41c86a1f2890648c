/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identifications of IPv4 packets that were no fragments in IPv6 (RFC 7915 5.1). Each CPU counts up, so that
 * none comes again before 65536 others (RFC 6864 4.2); every destination sees the count from another place,
 * so that it does not tell what others are sent.
 */
#ifndef _IPXLAT_IDENTIFICATION_H
#define _IPXLAT_IDENTIFICATION_H

#include <linux/percpu.h>
#include <linux/types.h>

struct ipxlat_identification {
	u64 key; /* odd, secret */
	u32 __percpu *next;
};

/* -ENOMEM */
int ipxlat_identification_init(struct ipxlat_identification *identification);
void ipxlat_identification_destroy(struct ipxlat_identification *identification);

/* the first of @count in a row, host byte order; bottom halves are off */
static inline u16 ipxlat_identification_take(const struct ipxlat_identification *identification,
					     __be32 destination, u32 count)
{
	u64 place = ((__force u32)destination * identification->key) >> 48;

	return place + this_cpu_add_return(*identification->next, count) - count;
}

#endif
