// SPDX-License-Identifier: GPL-2.0-only
/* RFC 7915 section 4: IPv4 to IPv6 */
#include "rewrite.h"
#include "icmp.h"
#include "transport.h"

/* RFC 7915 1.2: the pseudo-header needs the length of the whole message, which a fragment lacks */
static enum ipxlat_reason judge_icmp4(const struct ipxlat_view *view, struct ipxlat_rewrite *out)
{
	enum ipxlat_reason reason;

	if (out->header.fragment)
		return IPXLAT_REASON_ICMP_FRAGMENT;
	if (out->header.length - out->header.header_length < IPXLAT_ICMP_HEADER)
		return IPXLAT_REASON_BAD_TRANSPORT;
	reason = ipxlat_rewrite_demand(out, view, out->header.header_length + IPXLAT_ICMP_HEADER,
				       IPXLAT_REASON_TRUNCATED);
	if (!reason)
		out->icmp_error = ipxlat_icmp4_is_error(view->data[out->header.header_length]);
	return reason;
}

enum ipxlat_reason ipxlat_to_v6(const struct ipxlat_config *config,
				const struct ipxlat_input *input, struct ipxlat_rewrite *out)
{
	struct ipxlat_header *header = &out->header;
	struct ipxlat_transport transport;
	struct ipxlat_ends4 from IPXLAT_UNSET;
	struct ipxlat_ends6 to IPXLAT_UNSET;
	enum ipxlat_reason reason;
	u8 protocol;

	ipxlat_rewrite_init(out);
	reason = ipxlat_header_read4(&input->view, header, &from);
	if (reason) {
		out->need = header->need;
		return reason;
	}
	if (header->protocol == IPPROTO_ICMP) {
		reason = judge_icmp4(&input->view, out);
		if (reason)
			return reason;
		if (out->icmp_error)
			return ipxlat_quoted_to_v6(config, &input->view, &from, out);
	}
	reason = ipxlat_ends_to6(config, &from, &to, NULL);
	if (!reason)
		reason = ipxlat_header_protocol_to6(header->protocol, &protocol);
	if (reason)
		return reason;

	out->strip = header->header_length;
	out->keep = header->length - header->header_length;
	reason = ipxlat_transport_segment(input, out);
	if (reason)
		return reason;
	out->put = ipxlat_header_write6(header, &to, protocol, out->keep, out->head);
	transport = (struct ipxlat_transport){
		.header = header,
		.from = ipxlat_transport_sum4(&from),
		.to = ipxlat_transport_sum6(&to),
		.zero = config->settings.udp_zero_checksum,
		.to_v6 = true,
		.partial = input->partial,
	};
	return ipxlat_transport(&transport, &input->view, out);
}
