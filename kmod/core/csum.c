// SPDX-License-Identifier: GPL-2.0-only
#include "csum.h"

u64 ipxlat_sum_bytes(const u8 *data, u32 length)
{
	u64 sum = 0;
	u32 word;

	for (; length >= 4; length -= 4, data += 4) {
		memcpy(&word, data, 4);
		sum += word;
	}
	if (length) {
		word = 0;
		memcpy(&word, data, length);
		sum += word;
	}
	return sum;
}
