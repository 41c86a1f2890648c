// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

void ipxlat_settings_default(struct ipxlat_settings *settings)
{
	*settings = (struct ipxlat_settings){
		.lowest_ipv6_mtu = IPXLAT_LOWEST_IPV6_MTU_MIN,
		/* RFC 7600 4.8, the IPv4 dummy address: a source of ICMP errors only */
		.icmp_source4 = cpu_to_be32(0xc0000008),
		.udp_zero_checksum = IPXLAT_UDP_ZERO_COMPUTE,
	};
}

const char *ipxlat_settings_refusal(const struct ipxlat_settings *settings)
{
	if (settings->remote_prefix6.length) {
		const char *why = ipxlat_addr_remote_refusal(&settings->remote_prefix6);

		if (why)
			return why;
	}
	if (settings->lowest_ipv6_mtu < IPXLAT_LOWEST_IPV6_MTU_MIN ||
	    settings->lowest_ipv6_mtu > IPXLAT_LOWEST_IPV6_MTU_MAX)
		return "lowest-ipv6-mtu: must be 1280 to 65535";
	if (ipxlat_addr4_check(settings->icmp_source4, IPXLAT_REASON_BAD_SOURCE))
		return "icmp-source4: must be a unicast address that may be forwarded";
	if (settings->udp_zero_checksum > IPXLAT_UDP_ZERO_FORWARD)
		return "udp-zero-checksum: must be compute (0), drop (1) or forward (2)";
	return NULL;
}

void ipxlat_config_finish(struct ipxlat_config *config)
{
	const struct ipxlat_prefix6 *remote = &config->settings.remote_prefix6;

	config->remote_apart = remote->length && !ipxlat_map_meets6(&config->map, remote);
}
