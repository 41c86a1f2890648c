// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors and the packet they quote (RFC 7915 4.2, 4.3, 5.2, 5.3). The quoted packet may end
 * anywhere; its lengths and checks speak of the packet as it once was.
 */
#include "rewrite.h"
#include "extension.h"
#include "icmp.h"
#include "mtu.h"
#include "transport.h"

/* an ICMP error on its way through: the message, and the packet inside */
struct error {
	const u8 *message;
	u32 length;
	struct ipxlat_view quoted;
	struct ipxlat_header inner;
	struct ipxlat_icmp icmp;
	const u8 *extension; /* and what is known of it is in the plan: tail, tail_at */
};

static u32 word_at(const u8 *data)
{
	__be32 word;

	memcpy(&word, data, 4);
	return be32_to_cpu(word);
}

/*
 * Such a message is short and is rebuilt, so all of it must be readable, and its check is verified: a
 * wrong one must not come out right. @pseudo: sum of what the check covers besides the message.
 */
static enum ipxlat_reason open_error(const struct ipxlat_view *view, u64 pseudo,
				     struct ipxlat_rewrite *out, struct error *error)
{
	const struct ipxlat_header *header = &out->header;
	enum ipxlat_reason reason;

	reason = ipxlat_rewrite_demand(out, view, header->length, IPXLAT_REASON_TRUNCATED);
	if (reason)
		return reason;
	error->message = view->data + header->header_length;
	error->length = header->length - header->header_length;
	if (ipxlat_sum_fold(pseudo + ipxlat_sum_bytes(error->message, error->length)) != 0xffff)
		return IPXLAT_REASON_ICMP_CHECKSUM;
	error->quoted = (struct ipxlat_view){
		.data = error->message + IPXLAT_ICMP_HEADER,
		.quoted = true,
	};
	return IPXLAT_REASON_OK;
}

/* @length: the original datagram's by the Length; @least: of a header of the family */
static void split(struct error *error, u32 length, u32 least, struct ipxlat_rewrite *out)
{
	u32 body = error->length - IPXLAT_ICMP_HEADER;

	length = ipxlat_extension_original(length, least, body);
	error->quoted.length = length;
	error->quoted.linear = length;
	error->extension = error->quoted.data + length;
	out->tail = body - length;
	out->tail_at = out->header.header_length + IPXLAT_ICMP_HEADER + length;
}

/* what follows a quoted packet that is all there, such as padding, is no part of it */
static void bound_inner(struct error *error)
{
	if (error->quoted.length > error->inner.length)
		error->quoted.length = error->inner.length;
	error->quoted.linear = error->quoted.length;
}

/* RFC 7915 4.3, 5.3: one level only */
static enum ipxlat_reason judge_inner(const struct error *error, u8 icmp_protocol,
				      bool (*is_error)(u8 type))
{
	const struct ipxlat_header *inner = &error->inner;

	if (inner->protocol != icmp_protocol || inner->offset ||
	    error->quoted.length <= inner->header_length)
		return IPXLAT_REASON_OK;
	return is_error(error->quoted.data[inner->header_length]) ?
		       IPXLAT_REASON_ICMP_NESTED_ERROR :
		       IPXLAT_REASON_OK;
}

static enum ipxlat_reason quoted_transport(const struct ipxlat_config *config,
					   const struct error *error, u64 from, u64 to, bool to_v6,
					   struct ipxlat_rewrite *out)
{
	struct ipxlat_transport transport = {
		.header = &error->inner,
		.from = from,
		.to = to,
		.zero = config->settings.udp_zero_checksum,
		.to_v6 = to_v6,
	};

	return ipxlat_transport(&transport, &error->quoted, out) ? IPXLAT_REASON_ICMP_QUOTE :
								   IPXLAT_REASON_OK;
}

/* sum of what follows the new head, as the patches will leave it; each part begins at an even offset */
static u64 sum_rest(const struct error *error, const struct ipxlat_rewrite *out)
{
	const u8 *kept = error->quoted.data + error->inner.header_length;
	u64 sum = ipxlat_sum_bytes(kept, out->keep) +
		  ipxlat_sum_bytes(error->extension, out->tail) +
		  ipxlat_sum_bytes(out->added, out->append);
	u32 i;

	for (i = 0; i < out->patches; i++) {
		const struct ipxlat_patch *patch = &out->patch[i];
		const u8 *at = patch->at < out->keep ?
				       kept + patch->at :
				       error->extension + patch->at - out->keep - out->pad;

		sum += (u16)~ipxlat_sum_fold(ipxlat_sum_bytes(at, 2)) + ipxlat_sum16(patch->value);
	}
	return sum;
}

static void write_icmp(u8 *at, const struct ipxlat_icmp *icmp, u32 word)
{
	__be32 second = cpu_to_be32(word);

	at[0] = icmp->type;
	at[1] = icmp->code;
	at[2] = 0;
	at[3] = 0;
	memcpy(at + 4, &second, 4);
}

/* the check over ICMP header, quoted header and the rest, when all of them stand */
static void finish_icmp(struct ipxlat_rewrite *out, const struct error *error, u32 at, u64 pseudo)
{
	u64 sum = pseudo + sum_rest(error, out) + ipxlat_sum_bytes(out->head + at, out->put - at);
	__be16 check = ipxlat_check(sum);

	memcpy(out->head + at + 2, &check, 2);
}

static u32 word_to6(const struct error *error)
{
	switch (error->icmp.word) {
	case IPXLAT_ICMP_WORD_MTU:
		return ipxlat_mtu_to6(word_at(error->message + 4) & 0xffff, error->inner.length);
	case IPXLAT_ICMP_WORD_POINTER:
		return error->icmp.pointer;
	default:
		return 0;
	}
}

static u32 word_to4(const struct error *error)
{
	switch (error->icmp.word) {
	case IPXLAT_ICMP_WORD_MTU:
		return ipxlat_mtu_to4(word_at(error->message + 4), error->inner.fragment);
	case IPXLAT_ICMP_WORD_POINTER:
		return error->icmp.pointer << 24;
	default:
		return 0;
	}
}

static void plan_lengths(struct ipxlat_rewrite *out, const struct error *error)
{
	out->strip = out->header.header_length + IPXLAT_ICMP_HEADER + error->inner.header_length;
	out->keep = error->quoted.length - error->inner.header_length;
}

IPXLAT_APART enum ipxlat_reason ipxlat_quoted_to_v6(const struct ipxlat_config *config,
						    const struct ipxlat_view *view,
						    const struct ipxlat_ends4 *ends,
						    struct ipxlat_rewrite *out)
{
	struct ipxlat_extension_frame frame = {
		.limit = IPXLAT_IPV6_MTU_MIN, /* RFC 4443 2.4 (c) */
		.header = IPXLAT_HEADER6,
	};
	const u32 at = IPXLAT_HEADER6;
	struct ipxlat_ends6 outer_to, inner_to;
	struct ipxlat_ends4 inner_from;
	enum ipxlat_reason reason;
	struct error error;
	u32 payload, word;
	u8 protocol;

	reason = open_error(view, 0, out, &error);
	if (!reason)
		reason = ipxlat_icmp_error_to6(error.message[0], error.message[1],
					       word_at(error.message + 4), &error.icmp);
	if (reason)
		return reason;
	/* RFC 4884 4.1: Length is the second byte of the second word */
	split(&error, error.message[5] * 4, IPXLAT_HEADER4, out);
	if (ipxlat_header_read4(&error.quoted, &error.inner, &inner_from) ||
	    ipxlat_header_protocol_to6(error.inner.protocol, &protocol))
		return IPXLAT_REASON_ICMP_QUOTE;
	bound_inner(&error);
	reason = judge_inner(&error, IPPROTO_ICMP, ipxlat_icmp4_is_error);
	if (!reason)
		reason = ipxlat_ends_error_to6(config, ends, &inner_from, &outer_to, &inner_to);
	if (!reason)
		reason = quoted_transport(config, &error, ipxlat_transport_sum4(&inner_from),
					  ipxlat_transport_sum6(&inner_to), true, out);
	if (reason)
		return reason;

	plan_lengths(out, &error);
	out->put = at + IPXLAT_ICMP_HEADER;
	out->put += ipxlat_header_write6(&error.inner, &inner_to, protocol,
					 error.inner.length - error.inner.header_length,
					 out->head + out->put);
	if (ipxlat_icmp6_has_length(error.icmp.type))
		frame.unit = 8;
	word = ipxlat_extension_lay_out(out, &frame, error.extension) << 24 | word_to6(&error);
	out->segment = ipxlat_rewrite_rest(out);
	payload = out->put + out->segment - at;
	ipxlat_header_write6(&out->header, &outer_to, IPPROTO_ICMPV6, payload, out->head);
	write_icmp(out->head + at, &error.icmp, word);
	if (error.icmp.word == IPXLAT_ICMP_WORD_MTU)
		out->mtu_at = at + 4;
	finish_icmp(out, &error, at,
		    ipxlat_transport_sum6(&outer_to) + ipxlat_transport_pseudo6(payload));
	return IPXLAT_REASON_OK;
}

IPXLAT_APART enum ipxlat_reason ipxlat_quoted_to_v4(const struct ipxlat_config *config,
						    const struct ipxlat_view *view,
						    const struct ipxlat_ends6 *ends,
						    struct ipxlat_rewrite *out)
{
	static const struct ipxlat_extension_frame frame = {
		.limit = 576, /* RFC 1812 4.3.2.3 */
		.header = IPXLAT_HEADER4,
		.unit = 4,
	};
	u32 length = out->header.length - out->header.header_length;
	const u32 at = IPXLAT_HEADER4;
	struct ipxlat_ends4 outer_to, inner_to;
	struct ipxlat_ends6 inner_from;
	enum ipxlat_way source_way;
	enum ipxlat_reason reason;
	struct error error;
	u32 payload, word;
	u8 protocol;

	reason = open_error(view, ipxlat_transport_sum6(ends) + ipxlat_transport_pseudo6(length),
			    out, &error);
	if (!reason)
		reason = ipxlat_icmp_error_to4(error.message[0], error.message[1],
					       word_at(error.message + 4), &error.icmp);
	if (reason)
		return reason;
	/* RFC 4884 4.4, 4.5: Length is the first byte of the second word */
	split(&error, ipxlat_icmp6_has_length(error.message[0]) ? error.message[4] * 8 : 0,
	      IPXLAT_HEADER6, out);
	if (ipxlat_header_read6(&error.quoted, &error.inner, &inner_from) ||
	    ipxlat_header_protocol_to4(error.inner.protocol, &protocol))
		return IPXLAT_REASON_ICMP_QUOTE;
	bound_inner(&error);
	reason = judge_inner(&error, IPPROTO_ICMPV6, ipxlat_icmp6_is_error);
	if (!reason)
		reason = ipxlat_ends_error_to4(config, ends, &inner_from, &outer_to, &inner_to,
					       &source_way);
	if (!reason)
		reason = quoted_transport(config, &error, ipxlat_transport_sum6(&inner_from),
					  ipxlat_transport_sum4(&inner_to), false, out);
	if (reason)
		return reason;
	payload = error.inner.length - error.inner.header_length;
	if (IPXLAT_HEADER4 + payload > 65535)
		return IPXLAT_REASON_ICMP_QUOTE;

	plan_lengths(out, &error);
	out->put = at + IPXLAT_ICMP_HEADER;
	out->put += ipxlat_header_write4(&error.inner, &inner_to, protocol, payload,
					 !error.inner.fragment &&
						 ipxlat_mtu_dont_fragment(IPXLAT_HEADER4 + payload),
					 out->head + out->put);
	/* RFC 6791 4 */
	if (source_way == IPXLAT_WAY_ICMP_SOURCE)
		ipxlat_extension_add_source(out, error.extension, &ends->source);
	word = ipxlat_extension_lay_out(out, &frame, error.extension) << 16 | word_to4(&error);
	out->wants_id = !out->header.fragment;
	out->segment = ipxlat_rewrite_rest(out);
	payload = out->put + out->segment - at;
	ipxlat_header_write4(&out->header, &outer_to, IPPROTO_ICMP, payload, false, out->head);
	write_icmp(out->head + at, &error.icmp, word);
	if (error.icmp.word == IPXLAT_ICMP_WORD_MTU)
		out->mtu_at = at + 4;
	finish_icmp(out, &error, at, 0);
	return IPXLAT_REASON_OK;
}

void ipxlat_rewrite_limit_mtu(struct ipxlat_rewrite *out, u32 mtu4, u32 mtu6)
{
	bool four = out->head[0] >> 4 == 4;
	u32 limit = four ? ipxlat_mtu_bound4(mtu4, mtu6) : ipxlat_mtu_bound6(mtu4, mtu6);
	u8 *check_at = out->head + out->mtu_at - 2;
	u8 *mtu_at = out->head + out->mtu_at;
	/* in ICMPv4 the MTU is half the word, behind a Length */
	u32 mask = four ? 0xffff : 0xffffffff;
	u32 word = word_at(mtu_at);
	__be32 from, to;
	__be16 check;

	if ((word & mask) <= limit)
		return;
	from = cpu_to_be32(word);
	to = cpu_to_be32((word & ~mask) | limit);
	memcpy(&check, check_at, 2);
	check = ipxlat_check_replace(check, ipxlat_sum32(from), ipxlat_sum32(to));
	memcpy(check_at, &check, 2);
	memcpy(mtu_at, &to, 4);
}
