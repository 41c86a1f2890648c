// SPDX-License-Identifier: GPL-2.0-only
/* RFC 7915 section 5: IPv6 to IPv4 */
#include "rewrite.h"
#include "icmp.h"
#include "mtu.h"
#include "transport.h"

/* RFC 7915 1.2: an atomic fragment is a whole message, another is not */
static enum ipxlat_reason judge_icmp6(const struct ipxlat_view *view, struct ipxlat_rewrite *out)
{
	enum ipxlat_reason reason;

	if (out->header.more || out->header.offset)
		return IPXLAT_REASON_ICMP_FRAGMENT;
	if (out->header.length - out->header.header_length < IPXLAT_ICMP_HEADER)
		return IPXLAT_REASON_BAD_TRANSPORT;
	reason = ipxlat_rewrite_demand(out, view, out->header.header_length + IPXLAT_ICMP_HEADER,
				       IPXLAT_REASON_TRUNCATED);
	if (!reason)
		out->icmp_error = ipxlat_icmp6_is_error(view->data[out->header.header_length]);
	return reason;
}

/* RFC 7915 5.1, 5.1.1: asked of what will be on the wire, one segment of an offloaded train */
static bool dont_fragment(const struct ipxlat_rewrite *out)
{
	return !out->header.fragment && ipxlat_mtu_dont_fragment(IPXLAT_HEADER4 + out->segment);
}

enum ipxlat_reason ipxlat_to_v4(const struct ipxlat_config *config,
				const struct ipxlat_input *input, struct ipxlat_rewrite *out)
{
	struct ipxlat_header *header = &out->header;
	struct ipxlat_transport transport;
	struct ipxlat_ends6 from IPXLAT_UNSET;
	struct ipxlat_ends4 to IPXLAT_UNSET;
	enum ipxlat_reason reason;
	u8 protocol;

	ipxlat_rewrite_init(out);
	reason = ipxlat_header_read6(&input->view, header, &from);
	if (reason) {
		out->need = header->need;
		return reason;
	}
	if (header->protocol == IPPROTO_ICMPV6) {
		reason = judge_icmp6(&input->view, out);
		if (reason)
			return reason;
		if (out->icmp_error)
			return ipxlat_quoted_to_v4(config, &input->view, &from, out);
	}
	reason = ipxlat_ends_to4(config, &from, &to, NULL);
	if (!reason)
		reason = ipxlat_header_protocol_to4(header->protocol, &protocol);
	if (reason)
		return reason;

	out->strip = header->header_length;
	out->keep = header->length - header->header_length;
	/* the datagram of a fragment too */
	if (IPXLAT_HEADER4 + header->offset + out->keep > 65535)
		return IPXLAT_REASON_TOO_LONG;
	reason = ipxlat_transport_segment(input, out);
	if (reason)
		return reason;
	out->wants_id = !header->fragment;
	out->put = ipxlat_header_write4(header, &to, protocol, out->keep, dont_fragment(out),
					out->head);
	transport = (struct ipxlat_transport){
		.header = header,
		.from = ipxlat_transport_sum6(&from),
		.to = ipxlat_transport_sum4(&to),
		.zero = config->settings.udp_zero_checksum,
		.partial = input->partial,
	};
	return ipxlat_transport(&transport, &input->view, out);
}
