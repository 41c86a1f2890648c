// SPDX-License-Identifier: GPL-2.0-only
#include "reason.h"

static const struct {
	const char *name;
	const char *text;
} reasons[__IPXLAT_REASON_MAX] = {
#define REASON(id, name, text) [IPXLAT_REASON_##id] = { name, text }
	REASON(OK, "ok", "translated"),
	REASON(NOT_CONFIGURED, "not_configured",
	       "the device has neither a remote prefix nor a map"),
	REASON(NOT_IP, "not_ip", "neither an IPv4 nor an IPv6 packet"),
	REASON(NO_MEMORY, "no_memory", "no memory for the translated packet"),
	REASON(NO_ROUTE, "no_route", "no route for a packet of this host in the other family"),
	REASON(LOOP, "loop", "the route in the other family leads back into the device"),
	REASON(TOO_BIG, "too_big", "larger than the path allows, and must not be fragmented"),
	REASON(BAD_HEADER, "bad_header", "the network header contradicts itself or the packet"),
	REASON(BAD_HEADER_CHECKSUM, "bad_header_checksum", "wrong IPv4 header checksum"),
	REASON(TRUNCATED, "truncated", "shorter than its headers say"),
	REASON(TOO_LONG, "too_long", "the translated packet would exceed 65535 bytes"),
	REASON(SOURCE_ROUTE, "source_route", "an IPv4 source route that is not used up"),
	REASON(EXTENSION_HEADER, "extension_header",
	       "an IPv6 extension header chain that does not end"),
	REASON(ROUTING_HEADER, "routing_header", "an IPv6 routing header with segments left"),
	REASON(EXTENSION_AFTER_FRAGMENT, "extension_after_fragment",
	       "an IPv6 extension header behind the fragment header"),
	REASON(BAD_PROTOCOL, "bad_protocol", "a protocol that must not pass into the other family"),
	REASON(MULTICAST, "multicast", "a multicast address"),
	REASON(LINK_LOCAL, "link_local", "a link-local address"),
	REASON(BAD_SOURCE, "bad_source", "a source address that no packet may have"),
	REASON(BAD_DESTINATION, "bad_destination", "a destination address that no packet may have"),
	REASON(NOT_LOCAL, "not_local", "neither end is in local-map"),
	REASON(SOURCE_UNMAPPED, "source_unmapped",
	       "the source address has no form in the other family"),
	REASON(DESTINATION_UNMAPPED, "destination_unmapped",
	       "the destination address has no form in the other family"),
	REASON(ICMP_FRAGMENT, "icmp_fragment", "a fragment of an ICMP message without the others"),
	REASON(ICMP_TYPE, "icmp_type", "an ICMP type or code that the other family does not have"),
	REASON(ICMP_POINTER, "icmp_pointer",
	       "an ICMP parameter problem about a field that the other family does not have"),
	REASON(ICMP_CHECKSUM, "icmp_checksum", "an ICMP error with a wrong checksum"),
	REASON(ICMP_QUOTE, "icmp_quote", "an ICMP error whose quoted packet cannot be translated"),
	REASON(ICMP_NESTED_ERROR, "icmp_nested_error", "an ICMP error about an ICMP error"),
	REASON(BAD_TRANSPORT, "bad_transport", "a transport header that contradicts the packet"),
	REASON(UDP_ZERO_CHECKSUM, "udp_zero_checksum", "UDP without a checksum"),
	REASON(UDP_ZERO_CHECKSUM_FRAGMENT, "udp_zero_checksum_fragment",
	       "a fragment of UDP without a checksum, which cannot be computed"),
	REASON(SEGMENTATION, "segmentation",
	       "a packet from segmentation offload that cannot be cut"),
	REASON(BACKLOG, "backlog", "the CPU's queue of received packets was full"),
	REASON(POLICY, "policy", "an IPsec policy of this host does not let it out"),
#undef REASON
};

const char *ipxlat_reason_name(u32 reason)
{
	return reason < __IPXLAT_REASON_MAX ? reasons[reason].name : "unknown";
}

const char *ipxlat_reason_text(u32 reason)
{
	return reason < __IPXLAT_REASON_MAX ? reasons[reason].text : "unknown to this program";
}
