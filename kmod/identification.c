// SPDX-License-Identifier: GPL-2.0-only
#include "identification.h"

#include <linux/random.h>

int ipxlat_identification_init(struct ipxlat_identification *identification)
{
	int cpu;

	identification->next = alloc_percpu(u32);
	if (!identification->next)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(identification->next, cpu) = get_random_u32();
	identification->key = get_random_u64() | 1;
	return 0;
}

void ipxlat_identification_destroy(struct ipxlat_identification *identification)
{
	free_percpu(identification->next);
}
