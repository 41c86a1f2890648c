// SPDX-License-Identifier: GPL-2.0-only
#include "mtu.h"

/* RFC 1191 7.1, the ones that IPv6 allows */
static const u16 plateaus[] = { 65535, 32000, 17914, 8166, 4352, 2002, 1492 };

u32 ipxlat_mtu_to6(u32 mtu4, u32 quoted_length)
{
	u32 i;

	for (i = 0; !mtu4 && i < sizeof(plateaus) / sizeof(plateaus[0]); i++)
		if (plateaus[i] < quoted_length)
			mtu4 = plateaus[i];
	mtu4 += IPXLAT_HEADER6 - IPXLAT_HEADER4;
	return mtu4 < IPXLAT_IPV6_MTU_MIN ? IPXLAT_IPV6_MTU_MIN : mtu4;
}

u32 ipxlat_mtu_to4(u32 mtu6, bool fragment_header)
{
	u32 shrink =
		IPXLAT_HEADER6 - IPXLAT_HEADER4 + (fragment_header ? IPXLAT_FRAGMENT_HEADER : 0);

	if (mtu6 < IPXLAT_IPV4_MTU_MIN + shrink)
		return IPXLAT_IPV4_MTU_MIN;
	return mtu6 - shrink > 65535 ? 65535 : mtu6 - shrink;
}
