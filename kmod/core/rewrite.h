/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translation of one packet as a plan: what to take off its front, what to put there, which two-byte
 * words to change behind, and for an ICMP error what is to follow. The plan is computed from the bytes
 * of the headers alone and carried out by whoever holds the packet: the module on an skb, the library
 * on a buffer.
 */
#ifndef _IPXLAT_CORE_REWRITE_H
#define _IPXLAT_CORE_REWRITE_H

#include "header.h"

IPXLAT_CORE_BEGIN

/* network header, ICMP header, quoted network header: each at its longest */
#define IPXLAT_HEAD_MAX \
	(IPXLAT_HEADER6 + IPXLAT_ICMP_HEADER + IPXLAT_HEADER6 + IPXLAT_FRAGMENT_HEADER)
#define IPXLAT_PATCHES_MAX 3
/* an extension structure with one interface information object (RFC 5837) */
#define IPXLAT_APPEND_MAX 28

struct ipxlat_input {
	struct ipxlat_view view;
	/* segmentation offload: bytes of payload in one segment, else 0 */
	u32 gso_size;
	/* the transport check holds the pseudo-header sum only; the rest comes later */
	bool partial;
};

struct ipxlat_patch {
	u32 at; /* bytes behind the new head; even */
	__be16 value;
};

struct ipxlat_rewrite {
	u32 need;    /* with IPXLAT_MORE: bytes that must be readable */
	u32 strip;   /* bytes off the front */
	u32 put;     /* bytes of @head to put there */
	u32 keep;    /* bytes behind @strip that belong to the packet; the rest goes, but for: */
	u32 pad;     /* zero bytes, with @tail or @append */
	u32 tail;    /* bytes of an extension of an ICMP error (RFC 4884) */
	u32 tail_at; /* where it is in the packet as it came */
	u32 append;  /* bytes of @added behind all that */
	u32 segment; /* of these, what one packet on the wire carries */
	u8 patches;
	u8 mtu_at;                   /* where @head has the 32-bit word of an ICMP MTU, else 0 */
	bool icmp_error;             /* never to be answered by another one */
	bool udp_compute;            /* the UDP check must be computed over the whole datagram */
	bool wants_id;               /* IPv4: the identification is free to choose */
	struct ipxlat_header header; /* of the packet as it came; zero where it was not read */
	struct ipxlat_patch patch[IPXLAT_PATCHES_MAX]; /* in the order of @at */
	/* what the lengths above speak of */
	u8 head[IPXLAT_HEAD_MAX] __attribute__((aligned(8)));
	u8 added[IPXLAT_APPEND_MAX];
};

/* bytes behind the new head */
static inline u32 ipxlat_rewrite_rest(const struct ipxlat_rewrite *plan)
{
	return plan->keep + plan->pad + plan->tail + plan->append;
}

/*
 * RFC 7915 4 and 5. OK and a complete plan, IPXLAT_MORE, or why the packet is dropped; then @out->header
 * is valid as far as it was read, and zero where not.
 */
enum ipxlat_reason ipxlat_to_v6(const struct ipxlat_config *config,
				const struct ipxlat_input *input, struct ipxlat_rewrite *out);
enum ipxlat_reason ipxlat_to_v4(const struct ipxlat_config *config,
				const struct ipxlat_input *input, struct ipxlat_rewrite *out);

/* RFC 7915 4.2, 5.2: bounds the MTU in @out by those of the links on both sides */
void ipxlat_rewrite_limit_mtu(struct ipxlat_rewrite *out, u32 mtu4, u32 mtu6);

/* the two halves of the above, called by them alone */
enum ipxlat_reason ipxlat_quoted_to_v6(const struct ipxlat_config *config,
				       const struct ipxlat_view *view,
				       const struct ipxlat_ends4 *ends, struct ipxlat_rewrite *out);
enum ipxlat_reason ipxlat_quoted_to_v4(const struct ipxlat_config *config,
				       const struct ipxlat_view *view,
				       const struct ipxlat_ends6 *ends, struct ipxlat_rewrite *out);

static inline void ipxlat_rewrite_init(struct ipxlat_rewrite *out)
{
	/* one by one: a compiler that sees the whole of it takes a slow instruction for memory */
	out->need = 0;
	out->strip = 0;
	out->put = 0;
	out->keep = 0;
	out->pad = 0;
	out->tail = 0;
	out->tail_at = 0;
	out->append = 0;
	out->segment = 0;
	out->patches = 0;
	out->mtu_at = 0;
	out->icmp_error = false;
	out->udp_compute = false;
	out->wants_id = false;
}

static inline void ipxlat_rewrite_patch(struct ipxlat_rewrite *out, u32 at, __be16 value)
{
	out->patch[out->patches++] = (struct ipxlat_patch){ at, value };
}

/* @need bytes of @view must be readable: OK, IPXLAT_MORE, or @otherwise if there are not so many */
static inline enum ipxlat_reason ipxlat_rewrite_demand(struct ipxlat_rewrite *out,
						       const struct ipxlat_view *view, u32 need,
						       enum ipxlat_reason otherwise)
{
	if (need <= view->linear)
		return IPXLAT_REASON_OK;
	out->need = need;
	return need <= view->length ? IPXLAT_MORE : otherwise;
}

IPXLAT_CORE_END

#endif
