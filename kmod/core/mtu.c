// SPDX-License-Identifier: GPL-2.0-only
#include "mtu.h"

/* RFC 1191 7.1, the ones that IPv6 allows, and an end */
static const u16 plateaus[] = { 65535, 32000, 17914, 8166, 4352, 2002, 1492, 0 };

#define GROWTH (IPXLAT_HEADER6 - IPXLAT_HEADER4)

u32 ipxlat_mtu_to6(u32 mtu4, u32 quoted_length)
{
	u32 i;

	for (i = 0; !mtu4 && plateaus[i]; i++)
		if (plateaus[i] < quoted_length)
			mtu4 = plateaus[i];
	return ipxlat_max(mtu4 + GROWTH, IPXLAT_IPV6_MTU_MIN);
}

u32 ipxlat_mtu_to4(u32 mtu6, bool fragment_header)
{
	u32 shrink = GROWTH + (fragment_header ? IPXLAT_FRAGMENT_HEADER : 0);

	return ipxlat_min(ipxlat_max(mtu6, IPXLAT_IPV6_MTU_MIN) - shrink, 65535);
}

u32 ipxlat_mtu_bound6(u32 mtu4, u32 mtu6)
{
	return ipxlat_max(ipxlat_min(mtu6, mtu4 + GROWTH), IPXLAT_IPV6_MTU_MIN);
}

u32 ipxlat_mtu_bound4(u32 mtu4, u32 mtu6)
{
	return ipxlat_max(ipxlat_min(mtu4, ipxlat_mtu_to4(mtu6, false)), IPXLAT_IPV4_MTU_MIN);
}

u32 ipxlat_mtu_fragment_payload(u32 mtu6, u32 total, bool fragment)
{
	u32 most = (mtu6 - IPXLAT_HEADER6 - IPXLAT_FRAGMENT_HEADER) & ~7u;
	u32 parts = (total + most - 1) / most;

	if (!fragment)
		return most;
	return ((total + parts - 1) / parts + 7) & ~7u;
}
