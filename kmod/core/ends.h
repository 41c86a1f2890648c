/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both ends of a packet, and how they are written in the other family.
 *
 * near(a): the longest match of a in the map (RFC 7757). far(a): by the remote prefix (RFC 6052).
 * With a map, one end of every packet is local, that is in the map.
 */
#ifndef _IPXLAT_CORE_ENDS_H
#define _IPXLAT_CORE_ENDS_H

#include "config.h"

IPXLAT_CORE_BEGIN

struct ipxlat_ends4 {
	__be32 source;
	__be32 destination;
};

struct ipxlat_ends6 {
	struct in6_addr source;
	struct in6_addr destination;
};

/* by which rule an address was written */
enum ipxlat_way {
	IPXLAT_WAY_NONE, /* by none: it cannot be */
	IPXLAT_WAY_NEAR,
	IPXLAT_WAY_FAR,
	IPXLAT_WAY_ICMP_SOURCE, /* icmp-source4 stands for it (RFC 6791) */
	IPXLAT_WAY_QUOTED,      /* the destination of the quoted packet stands for it */
};

struct ipxlat_ways {
	enum ipxlat_way source;
	enum ipxlat_way destination;
};

/* one address: near, else far; IPXLAT_WAY_NONE leaves @out alone */
enum ipxlat_way ipxlat_ends_address_to6(const struct ipxlat_config *config, __be32 address,
					struct in6_addr *out);
enum ipxlat_way ipxlat_ends_address_to4(const struct ipxlat_config *config,
					const struct in6_addr *address, __be32 *out);

/*
 * A packet that is no ICMP error. OK, or NOT_LOCAL, SOURCE_UNMAPPED, DESTINATION_UNMAPPED or what
 * the address checks say. @ways may be NULL.
 */
enum ipxlat_reason ipxlat_ends_to6(const struct ipxlat_config *config,
				   const struct ipxlat_ends4 *in, struct ipxlat_ends6 *out,
				   struct ipxlat_ways *ways);
enum ipxlat_reason ipxlat_ends_to4(const struct ipxlat_config *config,
				   const struct ipxlat_ends6 *in, struct ipxlat_ends4 *out,
				   struct ipxlat_ways *ways);

/*
 * An ICMP error and the packet that it quotes, which travelled the other way. One whose source has no form
 * in the other family is not lost: to IPv6 the quoted destination stands for it, to IPv4 icmp-source4.
 * @source_way: how its source was written, IPXLAT_WAY_ICMP_SOURCE if icmp-source4 stands for it.
 */
enum ipxlat_reason ipxlat_ends_error_to6(const struct ipxlat_config *config,
					 const struct ipxlat_ends4 *outer,
					 const struct ipxlat_ends4 *inner,
					 struct ipxlat_ends6 *outer_out,
					 struct ipxlat_ends6 *inner_out);
enum ipxlat_reason
ipxlat_ends_error_to4(const struct ipxlat_config *config, const struct ipxlat_ends6 *outer,
		      const struct ipxlat_ends6 *inner, struct ipxlat_ends4 *outer_out,
		      struct ipxlat_ends4 *inner_out, enum ipxlat_way *source_way);

IPXLAT_CORE_END

#endif
