// SPDX-License-Identifier: GPL-2.0-only
#include "header.h"
#include "csum.h"

#define DF 0x4000
#define MF 0x2000
#define OFFSET 0x1fff

#define LSRR 131
#define SSRR 137

/* RFC 8200 4.5 */
struct fragment_header {
	u8 next_header;
	u8 reserved;
	__be16 offset;
	__be32 id;
};

/* @need bytes must be readable: OK, IPXLAT_MORE, or TRUNCATED if there are not so many */
static enum ipxlat_reason demand(const struct ipxlat_view *view, u32 need,
				 struct ipxlat_header *out)
{
	if (need <= view->linear)
		return IPXLAT_REASON_OK;
	out->need = need;
	return need <= view->length ? IPXLAT_MORE : IPXLAT_REASON_TRUNCATED;
}

/* RFC 7915 4.1: options are ignored, but a source route that is not used up is not translated */
static IPXLAT_APART enum ipxlat_reason read_options(const u8 *options, u32 length)
{
	u32 at = 0;

	while (at < length) {
		u8 type = options[at];
		u8 size;

		if (type == 0)
			return IPXLAT_REASON_OK;
		if (type == 1) {
			at++;
			continue;
		}
		if (at + 2 > length || options[at + 1] < 2 || at + options[at + 1] > length)
			return IPXLAT_REASON_BAD_HEADER;
		size = options[at + 1];
		if ((type == LSRR || type == SSRR) && size >= 3 && options[at + 2] <= size)
			return IPXLAT_REASON_SOURCE_ROUTE;
		at += size;
	}
	return IPXLAT_REASON_OK;
}

enum ipxlat_reason ipxlat_header_read4(const struct ipxlat_view *view, struct ipxlat_header *out,
				       struct ipxlat_ends4 *ends)
{
	const struct iphdr *ip = (const struct iphdr *)view->data;
	enum ipxlat_reason reason;
	u16 fragment;
	u32 words;

	*out = (struct ipxlat_header){};
	reason = demand(view, IPXLAT_HEADER4, out);
	if (reason)
		return reason;
	/* version 4, and 5 words or more */
	words = view->data[0] & 0xf;
	out->header_length = words * 4;
	if (view->data[0] < 0x45 || view->data[0] > 0x4f)
		return IPXLAT_REASON_BAD_HEADER;
	reason = demand(view, out->header_length, out);
	if (reason)
		return reason;

	fragment = be16_to_cpu(ip->frag_off);
	out->length = be16_to_cpu(ip->tot_len);
	out->id = be16_to_cpu(ip->id);
	out->dont_fragment = fragment & DF;
	if (fragment & (MF | OFFSET)) {
		out->fragment = true;
		out->more = fragment & MF;
		out->offset = (fragment & OFFSET) * 8;
	}
	out->traffic_class = ip->tos;
	out->hop_limit = ip->ttl;
	out->protocol = ip->protocol;
	ends->source = ip->saddr;
	ends->destination = ip->daddr;

	if (out->length < out->header_length)
		return IPXLAT_REASON_BAD_HEADER;
	/* a router may quote what it changed, and what a quoted source route says is no concern */
	if (view->quoted)
		return IPXLAT_REASON_OK;
	if (out->length > view->length)
		return IPXLAT_REASON_TRUNCATED;
	/* the datagram would be longer than its length can tell */
	if (out->offset + out->length > 65535)
		return IPXLAT_REASON_BAD_HEADER;
	if (ipxlat_check_header4(ip, words))
		return IPXLAT_REASON_BAD_HEADER_CHECKSUM;
	if (out->header_length == IPXLAT_HEADER4)
		return IPXLAT_REASON_OK;
	return read_options(view->data + IPXLAT_HEADER4, out->header_length - IPXLAT_HEADER4);
}

static bool is_extension(u8 next_header)
{
	return next_header == IPPROTO_HOPOPTS || next_header == IPPROTO_ROUTING ||
	       next_header == IPPROTO_DSTOPTS;
}

/* Behind a Fragment header these would change length or place, and an offset would be wrong. */
static bool shifts_fragment(u8 next_header)
{
	return is_extension(next_header) || next_header == IPPROTO_FRAGMENT ||
	       next_header == IPPROTO_AH || next_header == IPPROTO_MH || next_header == 139 ||
	       next_header == 140;
}

static enum ipxlat_reason read_fragment_header(const struct ipxlat_view *view,
					       struct ipxlat_header *out)
{
	const struct fragment_header *fragment;
	enum ipxlat_reason reason;

	reason = demand(view, out->header_length + IPXLAT_FRAGMENT_HEADER, out);
	if (reason)
		return reason;
	fragment = (const struct fragment_header *)(view->data + out->header_length);
	out->fragment = true;
	out->offset = be16_to_cpu(fragment->offset) & 0xfff8;
	out->more = be16_to_cpu(fragment->offset) & 1;
	out->id = be32_to_cpu(fragment->id);
	out->protocol = fragment->next_header;
	out->header_length += IPXLAT_FRAGMENT_HEADER;
	return shifts_fragment(out->protocol) ? IPXLAT_REASON_EXTENSION_AFTER_FRAGMENT :
						IPXLAT_REASON_OK;
}

/* RFC 7915 5.1: hop-by-hop, destination options and used up routing headers are ignored */
static enum ipxlat_reason read_extension(const struct ipxlat_view *view, struct ipxlat_header *out)
{
	const u8 *extension = view->data + out->header_length;
	enum ipxlat_reason reason;
	u32 size;

	reason = demand(view, out->header_length + 8, out);
	if (reason)
		return reason;
	size = (extension[1] + 1u) * 8;
	if (out->header_length + size > IPXLAT_HEADER6 + IPXLAT_EXTENSIONS_MAX)
		return IPXLAT_REASON_EXTENSION_HEADER;
	reason = demand(view, out->header_length + size, out);
	if (reason)
		return reason;
	if (out->protocol == IPPROTO_ROUTING && extension[3] && !view->quoted) {
		out->pointer = out->header_length + 3;
		return IPXLAT_REASON_ROUTING_HEADER;
	}
	out->protocol = extension[0];
	out->header_length += size;
	return IPXLAT_REASON_OK;
}

/* what follows the packet, such as Ethernet padding, is no part of it */
static IPXLAT_APART enum ipxlat_reason read_extensions(const struct ipxlat_view *view,
						       struct ipxlat_header *out)
{
	enum ipxlat_reason reason = IPXLAT_REASON_OK;
	struct ipxlat_view own = *view;

	if (!view->quoted) {
		own.length = out->length;
		own.linear = ipxlat_min(view->linear, out->length);
	}
	while (!reason && is_extension(out->protocol))
		reason = read_extension(&own, out);
	if (!reason && out->protocol == IPPROTO_FRAGMENT)
		reason = read_fragment_header(&own, out);
	return reason;
}

enum ipxlat_reason ipxlat_header_read6(const struct ipxlat_view *view, struct ipxlat_header *out,
				       struct ipxlat_ends6 *ends)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)view->data;
	enum ipxlat_reason reason;
	u32 first;

	*out = (struct ipxlat_header){};
	reason = demand(view, IPXLAT_HEADER6, out);
	if (reason)
		return reason;
	memcpy(&first, ip, 4);
	first = be32_to_cpu((__force __be32)first);
	out->length = IPXLAT_HEADER6 + be16_to_cpu(ip->payload_len);
	out->header_length = IPXLAT_HEADER6;
	out->traffic_class = first >> 20 & 0xff;
	out->hop_limit = ip->hop_limit;
	out->protocol = ip->nexthdr;
	memcpy(&ends->source, &ip->saddr, 16);
	memcpy(&ends->destination, &ip->daddr, 16);
	if (first >> 28 != 6)
		return IPXLAT_REASON_BAD_HEADER;
	if (!view->quoted && out->length > view->length)
		return IPXLAT_REASON_TRUNCATED;
	if (is_extension(out->protocol) || out->protocol == IPPROTO_FRAGMENT) {
		reason = read_extensions(view, out);
		if (reason)
			return reason;
	}
	return view->quoted && out->length < out->header_length ? IPXLAT_REASON_BAD_HEADER :
								  IPXLAT_REASON_OK;
}

/*
 * RFC 7915 4.1 and 5.1 copy other numbers. Not these: a payload would become an extension header, or
 * ICMP and IGMP of the wrong family, and its sender would choose what.
 */
enum ipxlat_reason ipxlat_header_protocol_to6(u8 protocol, u8 *out)
{
	*out = protocol == IPPROTO_ICMP ? IPPROTO_ICMPV6 : protocol;
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP)
		return IPXLAT_REASON_OK;
	if (is_extension(protocol) || protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_ICMPV6 ||
	    protocol == IPPROTO_IGMP)
		return IPXLAT_REASON_BAD_PROTOCOL;
	return IPXLAT_REASON_OK;
}

enum ipxlat_reason ipxlat_header_protocol_to4(u8 protocol, u8 *out)
{
	*out = protocol == IPPROTO_ICMPV6 ? IPPROTO_ICMP : protocol;
	if (protocol == IPPROTO_ICMP || protocol == IPPROTO_IGMP)
		return IPXLAT_REASON_BAD_PROTOCOL;
	return IPXLAT_REASON_OK;
}

u32 ipxlat_header_write6(const struct ipxlat_header *header, const struct ipxlat_ends6 *ends,
			 u8 protocol, u32 payload, u8 *out)
{
	u32 size = IPXLAT_HEADER6 + (header->fragment ? IPXLAT_FRAGMENT_HEADER : 0);
	struct fragment_header *fragment = (struct fragment_header *)(out + IPXLAT_HEADER6);
	struct ipv6hdr *ip = (struct ipv6hdr *)out;
	__be32 first = cpu_to_be32(6u << 28 | (u32)header->traffic_class << 20);

	memcpy(ip, &first, 4);
	ip->payload_len = cpu_to_be16(payload + size - IPXLAT_HEADER6);
	ip->nexthdr = header->fragment ? IPPROTO_FRAGMENT : protocol;
	ip->hop_limit = header->hop_limit;
	memcpy(&ip->saddr, &ends->source, 16);
	memcpy(&ip->daddr, &ends->destination, 16);
	if (header->fragment) {
		fragment->next_header = protocol;
		fragment->reserved = 0;
		fragment->offset = cpu_to_be16(header->offset | (header->more ? 1 : 0));
		fragment->id = cpu_to_be32(header->id);
	}
	return size;
}

u32 ipxlat_header_write4(const struct ipxlat_header *header, const struct ipxlat_ends4 *ends,
			 u8 protocol, u32 payload, bool dont_fragment, u8 *out)
{
	struct iphdr *ip = (struct iphdr *)out;

	*ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tos = header->traffic_class,
		.tot_len = cpu_to_be16(IPXLAT_HEADER4 + payload),
		/* RFC 7915 5.1.1: the low 16 bits */
		.id = cpu_to_be16(header->fragment ? header->id & 0xffff : 0),
		.frag_off = cpu_to_be16((dont_fragment ? DF : 0) | (header->more ? MF : 0) |
					header->offset / 8),
		.ttl = header->hop_limit,
		.protocol = protocol,
		.saddr = ends->source,
		.daddr = ends->destination,
	};
	ip->check = (__force __sum16)ipxlat_check_header4(ip, IPXLAT_HEADER4 / 4);
	return IPXLAT_HEADER4;
}
