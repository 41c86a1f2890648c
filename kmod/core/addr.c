// SPDX-License-Identifier: GPL-2.0-only
#include "addr.h"

/* RFC 6052 2.1: 64:ff9b::/96 */
static const u8 well_known_prefix[12] = { 0x00, 0x64, 0xff, 0x9b };

/*
 * RFC 6052 2.2: the four bytes of the IPv4 address stand right behind the prefix, but step over the
 * u octet, bits 64 to 71.
 */
void ipxlat_addr_embed(const struct ipxlat_prefix6 *prefix, __be32 address4, struct in6_addr *out)
{
	const u8 *from = (const u8 *)&address4;
	unsigned int at = prefix->length / 8;
	unsigned int i;

	*out = prefix->address;
	if (prefix->length == 96) {
		out->s6_addr32[3] = address4;
		return;
	}
	for (i = 0; i < 4; i++) {
		if (at == 8)
			at++;
		out->s6_addr[at++] = from[i];
	}
}

bool ipxlat_addr_extract(const struct ipxlat_prefix6 *prefix, const struct in6_addr *address6,
			 __be32 *out)
{
	unsigned int at = prefix->length / 8;
	u8 *to = (u8 *)out;
	unsigned int i;

	if (!ipxlat_addr6_in_prefix(address6, &prefix->address, prefix->length))
		return false;
	if (prefix->length == 96) {
		*out = address6->s6_addr32[3];
		return true;
	}
	for (i = 0; i < 4; i++) {
		if (at == 8)
			at++;
		to[i] = address6->s6_addr[at++];
	}
	return true;
}

bool ipxlat_addr6_in_prefix(const struct in6_addr *address, const struct in6_addr *prefix,
			    u8 length)
{
	unsigned int word = 0;
	u32 differ;

	if (length == 96) /* of nearly all remote prefixes */
		return !((address->s6_addr32[0] ^ prefix->s6_addr32[0]) |
			 (address->s6_addr32[1] ^ prefix->s6_addr32[1]) |
			 (address->s6_addr32[2] ^ prefix->s6_addr32[2]));

	for (; length >= 32; length -= 32, word++)
		if (address->s6_addr32[word] != prefix->s6_addr32[word])
			return false;
	if (!length)
		return true;
	differ = be32_to_cpu(address->s6_addr32[word] ^ prefix->s6_addr32[word]);
	return !(differ >> (32 - length));
}

static bool host_bits_set(const struct ipxlat_prefix6 *prefix)
{
	unsigned int bit;

	for (bit = prefix->length; bit < 128; bit++)
		if (prefix->address.s6_addr[bit / 8] & (0x80 >> bit % 8))
			return true;
	return false;
}

const char *ipxlat_addr_prefix6_refusal(const struct ipxlat_prefix6 *prefix)
{
	const struct in6_addr *address = &prefix->address;

	if (prefix->length > 128)
		return "IPv6 prefix: the length must be 0 to 128";
	if (host_bits_set(prefix))
		return "IPv6 prefix: the bits behind its length must be zero";
	switch (ipxlat_addr6_check(address, IPXLAT_REASON_BAD_SOURCE)) {
	case IPXLAT_REASON_MULTICAST:
		return "IPv6 prefix: multicast (ff00::/8) is not allowed";
	case IPXLAT_REASON_LINK_LOCAL:
		return "IPv6 prefix: link-local (fe80::/10) is not allowed";
	case IPXLAT_REASON_BAD_SOURCE:
		return "IPv6 prefix: unspecified (::), loopback (::1) and IPv4-mapped (::ffff:0:0/96) are not allowed";
	default:
		return NULL;
	}
}

const char *ipxlat_addr_remote_refusal(const struct ipxlat_prefix6 *prefix)
{
	const u8 *bytes = prefix->address.s6_addr;

	switch (prefix->length) {
	case 32:
	case 40:
	case 48:
	case 56:
	case 64:
	case 96:
		break;
	default:
		return "remote-prefix6: the length must be 32, 40, 48, 56, 64 or 96 (RFC 6052 section 2.2)";
	}
	if (prefix->length != 96 && !memcmp(bytes, well_known_prefix, sizeof(well_known_prefix)))
		return "remote-prefix6: 64:ff9b:: is the well-known prefix and must have the length 96 (RFC 6052 section 2.1)";
	if (bytes[8])
		return "remote-prefix6: bits 64 to 71 must be zero (RFC 6052 section 2.2)";
	return ipxlat_addr_prefix6_refusal(prefix);
}
