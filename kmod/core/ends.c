// SPDX-License-Identifier: GPL-2.0-only
#include "ends.h"

static bool far6(const struct ipxlat_config *config, __be32 address, struct in6_addr *out)
{
	if (!config->settings.remote_prefix6.length)
		return false;
	ipxlat_addr_embed(&config->settings.remote_prefix6, address, out);
	return true;
}

static bool far4(const struct ipxlat_config *config, const struct in6_addr *address, __be32 *out)
{
	const struct ipxlat_prefix6 *remote = &config->settings.remote_prefix6;

	return remote->length && ipxlat_addr_extract(remote, address, out);
}

enum ipxlat_way ipxlat_ends_address_to6(const struct ipxlat_config *config, __be32 address,
					struct in6_addr *out)
{
	const struct ipxlat_map_entry *entry = ipxlat_map_find4(&config->map, address);

	if (entry) {
		ipxlat_map_entry_to6(entry, address, out);
		return IPXLAT_WAY_NEAR;
	}
	return far6(config, address, out) ? IPXLAT_WAY_FAR : IPXLAT_WAY_NONE;
}

enum ipxlat_way ipxlat_ends_address_to4(const struct ipxlat_config *config,
					const struct in6_addr *address, __be32 *out)
{
	const struct ipxlat_map_entry *entry;

	if (config->remote_apart && far4(config, address, out))
		return IPXLAT_WAY_FAR;
	entry = ipxlat_map_find6(&config->map, address);
	if (entry) {
		*out = ipxlat_map_entry_to4(entry, address);
		return IPXLAT_WAY_NEAR;
	}
	return !config->remote_apart && far4(config, address, out) ? IPXLAT_WAY_FAR :
								     IPXLAT_WAY_NONE;
}

/* One end of every packet is in the map, if there is one: a packet that is not is spoofed or lost. */
static bool has_local_end(const struct ipxlat_config *config, const struct ipxlat_ways *ways)
{
	return !config->map.count || ways->source == IPXLAT_WAY_NEAR ||
	       ways->destination == IPXLAT_WAY_NEAR;
}

static enum ipxlat_reason verdict(const struct ipxlat_config *config,
				  const struct ipxlat_ways *ways)
{
	if (ways->source == IPXLAT_WAY_NONE)
		return IPXLAT_REASON_SOURCE_UNMAPPED;
	if (ways->destination == IPXLAT_WAY_NONE)
		return IPXLAT_REASON_DESTINATION_UNMAPPED;
	return has_local_end(config, ways) ? IPXLAT_REASON_OK : IPXLAT_REASON_NOT_LOCAL;
}

/*
 * RFC 7757 4.2.1 rule 1, where it is needed: a packet toward a local end carries its source as the far
 * side sees it, even if that source is local too, so that the answer comes back through here.
 */
static void write_ends6(const struct ipxlat_config *config, const struct ipxlat_ends4 *in,
			struct ipxlat_ends6 *out, struct ipxlat_ways *ways)
{
	ways->destination = ipxlat_ends_address_to6(config, in->destination, &out->destination);
	if (ways->destination == IPXLAT_WAY_NEAR && far6(config, in->source, &out->source))
		ways->source = IPXLAT_WAY_FAR;
	else
		ways->source = ipxlat_ends_address_to6(config, in->source, &out->source);
}

static void write_ends4(const struct ipxlat_config *config, const struct ipxlat_ends6 *in,
			struct ipxlat_ends4 *out, struct ipxlat_ways *ways)
{
	ways->destination = ipxlat_ends_address_to4(config, &in->destination, &out->destination);
	ways->source = ipxlat_ends_address_to4(config, &in->source, &out->source);
}

static enum ipxlat_reason check4(const struct ipxlat_ends4 *ends)
{
	enum ipxlat_reason reason;

	reason = ipxlat_addr4_check(ends->destination, IPXLAT_REASON_BAD_DESTINATION);
	if (!reason)
		reason = ipxlat_addr4_check(ends->source, IPXLAT_REASON_BAD_SOURCE);
	return reason;
}

static enum ipxlat_reason check6(const struct ipxlat_ends6 *ends)
{
	enum ipxlat_reason reason;

	reason = ipxlat_addr6_check(&ends->destination, IPXLAT_REASON_BAD_DESTINATION);
	if (!reason)
		reason = ipxlat_addr6_check(&ends->source, IPXLAT_REASON_BAD_SOURCE);
	return reason;
}

enum ipxlat_reason ipxlat_ends_to6(const struct ipxlat_config *config,
				   const struct ipxlat_ends4 *in, struct ipxlat_ends6 *out,
				   struct ipxlat_ways *ways)
{
	struct ipxlat_ways own = { IPXLAT_WAY_NONE, IPXLAT_WAY_NONE };
	enum ipxlat_reason reason;

	if (!ways)
		ways = &own;
	*ways = own;
	reason = check4(in);
	if (reason)
		return reason;
	write_ends6(config, in, out, ways);
	reason = verdict(config, ways);
	return reason ? reason : check6(out);
}

enum ipxlat_reason ipxlat_ends_to4(const struct ipxlat_config *config,
				   const struct ipxlat_ends6 *in, struct ipxlat_ends4 *out,
				   struct ipxlat_ways *ways)
{
	struct ipxlat_ways own = { IPXLAT_WAY_NONE, IPXLAT_WAY_NONE };
	enum ipxlat_reason reason;

	if (!ways)
		ways = &own;
	*ways = own;
	reason = check6(in);
	if (reason)
		return reason;
	write_ends4(config, in, out, ways);
	reason = verdict(config, ways);
	/* what is embedded is anybody's word: 64:ff9b::127.0.0.1 does not come out */
	return reason ? reason : check4(out);
}

/*
 * The quoted packet went the other way: its source is where this error goes. So its two ends change
 * roles, and RFC 7757 4.2.1 rule 2 is rule 1 with the roles changed. Rule 3: an error that the quoted
 * destination itself sends has its source written like that destination. So has one of a router that
 * has no form in IPv6.
 */
enum ipxlat_reason ipxlat_ends_error_to6(const struct ipxlat_config *config,
					 const struct ipxlat_ends4 *outer,
					 const struct ipxlat_ends4 *inner,
					 struct ipxlat_ends6 *outer_out,
					 struct ipxlat_ends6 *inner_out)
{
	struct ipxlat_ends4 turned = { inner->destination, inner->source };
	struct ipxlat_ends6 turned_out;
	struct ipxlat_ways ways;
	enum ipxlat_reason reason;

	reason = ipxlat_addr4_check(outer->destination, IPXLAT_REASON_BAD_DESTINATION);
	if (reason)
		return reason;
	if (check4(inner))
		return IPXLAT_REASON_ICMP_QUOTE;
	write_ends6(config, &turned, &turned_out, &ways);
	reason = verdict(config, &ways);
	if (reason)
		return reason == IPXLAT_REASON_NOT_LOCAL ? reason : IPXLAT_REASON_ICMP_QUOTE;
	inner_out->source = turned_out.destination;
	inner_out->destination = turned_out.source;

	if (check6(inner_out))
		return IPXLAT_REASON_ICMP_QUOTE;

	if (!ipxlat_ends_address_to6(config, outer->destination, &outer_out->destination))
		return IPXLAT_REASON_DESTINATION_UNMAPPED;
	/* never lose an error for want of a source, as in the other direction */
	if (outer->source == inner->destination ||
	    !ipxlat_ends_address_to6(config, outer->source, &outer_out->source) ||
	    ipxlat_addr6_check(&outer_out->source, IPXLAT_REASON_BAD_SOURCE))
		outer_out->source = inner_out->destination;
	return ipxlat_addr6_check(&outer_out->destination, IPXLAT_REASON_BAD_DESTINATION);
}

enum ipxlat_reason
ipxlat_ends_error_to4(const struct ipxlat_config *config, const struct ipxlat_ends6 *outer,
		      const struct ipxlat_ends6 *inner, struct ipxlat_ends4 *outer_out,
		      struct ipxlat_ends4 *inner_out, enum ipxlat_way *source_way)
{
	struct ipxlat_ways ways;
	enum ipxlat_reason reason;
	bool link_local;

	reason = ipxlat_addr6_check(&outer->destination, IPXLAT_REASON_BAD_DESTINATION);
	if (reason)
		return reason;
	/* a router next door may have no other address to speak from, and it means nothing elsewhere */
	reason = ipxlat_addr6_check(&outer->source, IPXLAT_REASON_BAD_SOURCE);
	link_local = reason == IPXLAT_REASON_LINK_LOCAL;
	if (reason && !link_local)
		return reason;
	if (check6(inner))
		return IPXLAT_REASON_ICMP_QUOTE;
	write_ends4(config, inner, inner_out, &ways);
	reason = verdict(config, &ways);
	if (reason)
		return reason == IPXLAT_REASON_NOT_LOCAL ? reason : IPXLAT_REASON_ICMP_QUOTE;
	if (check4(inner_out))
		return IPXLAT_REASON_ICMP_QUOTE;

	write_ends4(config, outer, outer_out, &ways);
	if (ways.destination == IPXLAT_WAY_NONE)
		return IPXLAT_REASON_DESTINATION_UNMAPPED;
	reason = ipxlat_addr4_check(outer_out->destination, IPXLAT_REASON_BAD_DESTINATION);
	if (reason)
		return reason;
	/* RFC 6791: never lose an error for want of a source */
	*source_way = ways.source;
	if (link_local || ways.source == IPXLAT_WAY_NONE ||
	    ipxlat_addr4_check(outer_out->source, IPXLAT_REASON_BAD_SOURCE)) {
		outer_out->source = config->settings.icmp_source4;
		*source_way = IPXLAT_WAY_ICMP_SOURCE;
	}
	return IPXLAT_REASON_OK;
}
