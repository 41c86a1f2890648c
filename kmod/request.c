// SPDX-License-Identifier: GPL-2.0-only
#include "request.h"

#include <linux/mm.h>
#include <net/genetlink.h>

static const struct nla_policy prefix6_policy[IPXLAT_A_PREFIX6_MAX + 1] = {
	[IPXLAT_A_PREFIX6_ADDRESS] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IPXLAT_A_PREFIX6_LENGTH] = { .type = NLA_U8 },
};

static const struct nla_policy map_policy[IPXLAT_A_MAP_MAX + 1] = {
	[IPXLAT_A_MAP_ADDRESS4] = NLA_POLICY_EXACT_LEN(sizeof(__be32)),
	[IPXLAT_A_MAP_LENGTH4] = { .type = NLA_U8 },
	[IPXLAT_A_MAP_ADDRESS6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IPXLAT_A_MAP_LENGTH6] = { .type = NLA_U8 },
};

const struct nla_policy ipxlat_request_policy[IPXLAT_A_MAP_ADD + 1] = {
	[IPXLAT_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPXLAT_A_IFNAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[IPXLAT_A_CONFIGURED] = { .type = NLA_REJECT },
	[IPXLAT_A_REMOTE_PREFIX6] = NLA_POLICY_NESTED(prefix6_policy),
	[IPXLAT_A_LOWEST_IPV6_MTU] = { .type = NLA_U32 },
	[IPXLAT_A_ICMP_SOURCE4] = NLA_POLICY_EXACT_LEN(sizeof(__be32)),
	[IPXLAT_A_UDP_ZERO_CHECKSUM] = { .type = NLA_U32 },
	[IPXLAT_A_MAP_ENTRIES] = { .type = NLA_REJECT },
	[IPXLAT_A_MAP_FLUSH] = { .type = NLA_FLAG },
	[IPXLAT_A_MAP_DEL] = NLA_POLICY_NESTED(map_policy),
	[IPXLAT_A_MAP_ADD] = NLA_POLICY_NESTED(map_policy),
};

int ipxlat_request_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
			  const char *why, int err)
{
	if (extack) {
		extack->_msg = why;
		extack->bad_attr = attr;
	}
	return err;
}

static int read_remote_prefix6(struct nlattr *attr, struct ipxlat_prefix6 *out,
			       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IPXLAT_A_PREFIX6_MAX + 1];
	const char *why;
	int err;

	err = nla_parse_nested(tb, IPXLAT_A_PREFIX6_MAX, attr, prefix6_policy, extack);
	if (err)
		return err;
	*out = (struct ipxlat_prefix6){};
	if (!tb[IPXLAT_A_PREFIX6_ADDRESS] && !tb[IPXLAT_A_PREFIX6_LENGTH])
		return 0;
	if (!tb[IPXLAT_A_PREFIX6_ADDRESS] || !tb[IPXLAT_A_PREFIX6_LENGTH])
		return ipxlat_request_refuse(extack, attr,
					     "remote-prefix6: address and length belong together",
					     -EINVAL);
	out->address = nla_get_in6_addr(tb[IPXLAT_A_PREFIX6_ADDRESS]);
	out->length = nla_get_u8(tb[IPXLAT_A_PREFIX6_LENGTH]);
	why = ipxlat_addr_remote_refusal(out);
	return why ? ipxlat_request_refuse(extack, attr, why, -EINVAL) : 0;
}

/* the settings are independent of each other, so each is judged among defaults */
static int judge(const struct nlattr *attr, const struct ipxlat_settings *settings,
		 struct netlink_ext_ack *extack)
{
	const char *why = ipxlat_settings_refusal(settings);

	return why ? ipxlat_request_refuse(extack, attr, why, -EINVAL) : 0;
}

static int read_settings(struct nlattr *tb[], struct ipxlat_change *change,
			 struct netlink_ext_ack *extack)
{
	struct ipxlat_settings *settings = &change->settings;
	int err = 0;

	ipxlat_settings_default(settings);
	if (tb[IPXLAT_A_REMOTE_PREFIX6]) {
		change->set_remote_prefix6 = true;
		err = read_remote_prefix6(tb[IPXLAT_A_REMOTE_PREFIX6], &settings->remote_prefix6,
					  extack);
	}
	if (!err && tb[IPXLAT_A_LOWEST_IPV6_MTU]) {
		change->set_lowest_ipv6_mtu = true;
		settings->lowest_ipv6_mtu = nla_get_u32(tb[IPXLAT_A_LOWEST_IPV6_MTU]);
		err = judge(tb[IPXLAT_A_LOWEST_IPV6_MTU], settings, extack);
	}
	if (!err && tb[IPXLAT_A_ICMP_SOURCE4]) {
		change->set_icmp_source4 = true;
		settings->icmp_source4 = nla_get_in_addr(tb[IPXLAT_A_ICMP_SOURCE4]);
		err = judge(tb[IPXLAT_A_ICMP_SOURCE4], settings, extack);
	}
	if (!err && tb[IPXLAT_A_UDP_ZERO_CHECKSUM]) {
		change->set_udp_zero_checksum = true;
		settings->udp_zero_checksum = nla_get_u32(tb[IPXLAT_A_UDP_ZERO_CHECKSUM]);
		err = judge(tb[IPXLAT_A_UDP_ZERO_CHECKSUM], settings, extack);
	}
	return err;
}

static int read_entry(const struct nlmsghdr *nlh, const struct nlattr *attr,
		      struct ipxlat_map_entry *out, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IPXLAT_A_MAP_MAX + 1];
	int err;

	err = nla_parse_nested(tb, IPXLAT_A_MAP_MAX, attr, map_policy, extack);
	if (err)
		return err;
	if (!tb[IPXLAT_A_MAP_ADDRESS4] || !tb[IPXLAT_A_MAP_LENGTH4] || !tb[IPXLAT_A_MAP_ADDRESS6] ||
	    !tb[IPXLAT_A_MAP_LENGTH6])
		return ipxlat_request_refuse(
			extack, attr, "local-map: two addresses and two lengths are required",
			-EINVAL);
	*out = (struct ipxlat_map_entry){
		.address6 = nla_get_in6_addr(tb[IPXLAT_A_MAP_ADDRESS6]),
		.address4 = nla_get_in_addr(tb[IPXLAT_A_MAP_ADDRESS4]),
		.length6 = nla_get_u8(tb[IPXLAT_A_MAP_LENGTH6]),
		.length4 = nla_get_u8(tb[IPXLAT_A_MAP_LENGTH4]),
		.tag = (const u8 *)attr - (const u8 *)nlh,
	};
	return 0;
}

/* every attribute of one type, in an array that the caller frees even after an error */
static int read_entries(const struct nlmsghdr *nlh, int type, struct ipxlat_map_entry **entries,
			u32 *count, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 room = 0;
	int err = 0;
	int rest;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest)
		room += nla_type(attr) == type;
	if (!room)
		return 0;
	if (room > IPXLAT_MAP_ENTRIES_MAX)
		return ipxlat_request_refuse(extack, NULL, "local-map: more than 1000000 entries",
					     -E2BIG);
	*entries = kvmalloc_array(room, sizeof(**entries), GFP_KERNEL);
	if (!*entries)
		return -ENOMEM;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		cond_resched();
		if (nla_type(attr) != type)
			continue;
		err = read_entry(nlh, attr, &(*entries)[*count], extack);
		if (err)
			break;
		++*count;
	}
	return err;
}

int ipxlat_request_read(struct genl_info *info, struct ipxlat_change *change)
{
	int err;

	*change = (struct ipxlat_change){ .flush = info->attrs[IPXLAT_A_MAP_FLUSH] };
	err = read_settings(info->attrs, change, info->extack);
	if (!err)
		err = read_entries(info->nlhdr, IPXLAT_A_MAP_DEL, &change->del, &change->dels,
				   info->extack);
	if (!err)
		err = read_entries(info->nlhdr, IPXLAT_A_MAP_ADD, &change->add, &change->adds,
				   info->extack);
	return err;
}

void ipxlat_request_free(struct ipxlat_change *change)
{
	kvfree(change->add);
	kvfree(change->del);
}
