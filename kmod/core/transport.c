// SPDX-License-Identifier: GPL-2.0-only
#include "transport.h"
#include "icmp.h"

static __be16 half_at(const u8 *data)
{
	__be16 word;

	memcpy(&word, data, 2);
	return word;
}

/* a check as it lies in the packet, wherever the checksum stands: finished, or the pseudo-header's sum */
static __be16 replace(const struct ipxlat_transport *transport, __be16 check)
{
	u16 flipped;

	if (!transport->partial)
		return ipxlat_check_replace(check, transport->from, transport->to);
	flipped = (u16) ~(__force u16)check;
	flipped = (__force u16)ipxlat_check_replace((__force __be16)flipped, transport->from,
						    transport->to);
	return (__force __be16)(u16)~flipped;
}

/* the same where zero is no check: RFC 768, RFC 8200 8.1, RFC 3828 3.1 */
static __be16 replace_nonzero(const struct ipxlat_transport *transport, __be16 check)
{
	__be16 replaced = replace(transport, check);

	/* what came as zero is no check that could be made right */
	return replaced || !check || transport->partial ? replaced : (__force __be16)0xffff;
}

/* a check of zero means none */
static IPXLAT_APART enum ipxlat_reason zero_check(const struct ipxlat_transport *transport,
						  const u8 *udp, u32 present,
						  struct ipxlat_rewrite *out)
{
	u32 length = be16_to_cpu(half_at(udp + 4));

	if (transport->zero == IPXLAT_UDP_ZERO_FORWARD)
		return IPXLAT_REASON_OK;
	/* RFC 8200 8.1: IPv6 receivers discard it, and there is none to be asked for in IPv4 */
	if (!transport->to_v6 || transport->zero == IPXLAT_UDP_ZERO_DROP)
		return IPXLAT_REASON_UDP_ZERO_CHECKSUM;
	if (transport->header->fragment)
		return IPXLAT_REASON_UDP_ZERO_CHECKSUM_FRAGMENT;
	if (length < 8 || length > present)
		return IPXLAT_REASON_BAD_TRANSPORT;
	out->udp_compute = true;
	return IPXLAT_REASON_OK;
}

static enum ipxlat_reason udp(const struct ipxlat_transport *transport, const u8 *data, u32 present,
			      bool quoted, struct ipxlat_rewrite *out)
{
	__be16 check = half_at(data + 6);

	if (!check && !transport->partial)
		return quoted ? IPXLAT_REASON_OK : zero_check(transport, data, present, out);
	ipxlat_rewrite_patch(out, 6, replace_nonzero(transport, check));
	return IPXLAT_REASON_OK;
}

/* RFC 7915 4.2, 5.2: only ICMPv6 has a pseudo-header, so its check changes even between neutral prefixes */
static IPXLAT_APART enum ipxlat_reason icmp(const struct ipxlat_transport *transport,
					    const u8 *data, struct ipxlat_rewrite *out)
{
	const struct ipxlat_header *header = transport->header;
	u64 pseudo = ipxlat_transport_pseudo6(header->length - header->header_length);
	__be16 first = half_at(data);
	struct ipxlat_icmp to;
	enum ipxlat_reason reason;
	u64 from_sum, to_sum;
	__be16 type;

	if (transport->to_v6)
		reason = ipxlat_icmp_query_to6(data[0], data[1], &to);
	else
		reason = ipxlat_icmp_query_to4(data[0], data[1], &to);
	if (reason)
		return reason;
	type = cpu_to_be16(to.type << 8 | to.code);
	from_sum = ipxlat_sum16(first) + (transport->to_v6 ? 0 : transport->from + pseudo);
	to_sum = ipxlat_sum16(type) + (transport->to_v6 ? transport->to + pseudo : 0);
	ipxlat_rewrite_patch(out, 0, type);
	ipxlat_rewrite_patch(out, 2, ipxlat_check_replace(half_at(data + 2), from_sum, to_sum));
	return IPXLAT_REASON_OK;
}

/* where the check is, in bytes from the start of the transport header; 0: there is none that changes */
static u32 check_at(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	/* RFC 3828, RFC 4340: with the same pseudo-header */
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	default:
		return 0;
	}
}

enum ipxlat_reason ipxlat_transport(const struct ipxlat_transport *transport,
				    const struct ipxlat_view *view, struct ipxlat_rewrite *out)
{
	const struct ipxlat_header *header = transport->header;
	const u8 *data = view->data + header->header_length;
	u32 at = check_at(header->protocol);
	u32 need = at + sizeof(__be16);
	enum ipxlat_reason reason;
	__be16 check;

	if (!at || header->offset)
		return IPXLAT_REASON_OK;
	if (!view->quoted && header->length - header->header_length < need)
		return IPXLAT_REASON_BAD_TRANSPORT;
	reason = ipxlat_rewrite_demand(out, view, header->header_length + need,
				       IPXLAT_REASON_BAD_TRANSPORT);
	if (reason) /* a quoted packet that ends before has nothing to change */
		return view->quoted ? IPXLAT_REASON_OK : reason;

	if (at == 2)
		return icmp(transport, data, out);
	if (header->protocol == IPPROTO_UDP)
		return udp(transport, data, header->length - header->header_length, view->quoted,
			   out);
	check = half_at(data + at);
	if (header->protocol == IPPROTO_UDPLITE)
		check = replace_nonzero(transport, check);
	else
		check = replace(transport, check);
	ipxlat_rewrite_patch(out, at, check);
	return IPXLAT_REASON_OK;
}

enum ipxlat_reason ipxlat_transport_segment(const struct ipxlat_input *input,
					    struct ipxlat_rewrite *out)
{
	u32 at = out->header.header_length;
	enum ipxlat_reason reason;

	out->segment = out->keep;
	if (!input->gso_size)
		return IPXLAT_REASON_OK;
	/* a segment of a fragment: nobody but a forger makes such a thing */
	if (out->header.fragment)
		return IPXLAT_REASON_SEGMENTATION;
	if (out->header.protocol == IPPROTO_UDP) {
		out->segment = 8 + input->gso_size;
		return IPXLAT_REASON_OK;
	}
	if (out->header.protocol != IPPROTO_TCP)
		return IPXLAT_REASON_SEGMENTATION;
	reason = ipxlat_rewrite_demand(out, &input->view, at + 20, IPXLAT_REASON_BAD_TRANSPORT);
	if (!reason)
		out->segment = (input->view.data[at + 12] >> 4) * 4 + input->gso_size;
	return reason;
}
