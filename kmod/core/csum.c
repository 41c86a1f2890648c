// SPDX-License-Identifier: GPL-2.0-only
#include "csum.h"

u64 ipxlat_sum_bytes(const u8 *data, u32 length)
{
	u64 sum = 0;
	u16 word;

	for (; length >= 2; length -= 2, data += 2) {
		memcpy(&word, data, 2);
		sum += word;
	}
	if (length) {
		word = 0;
		memcpy(&word, data, 1);
		sum += word;
	}
	return sum;
}

__be16 ipxlat_check_replace(__be16 check, u64 from, u64 to)
{
	u16 delta = ipxlat_sum_fold((u64)(u16)~ipxlat_sum_fold(from) + ipxlat_sum_fold(to));

	if (delta == 0xffff)
		return check;
	return ipxlat_check((u64)(u16) ~(__force u16)check + delta);
}
