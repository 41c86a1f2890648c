// SPDX-License-Identifier: GPL-2.0-only
#include "netlink.h"

#include <net/genetlink.h>

#include "device.h"
#include "core/reason.h"
#include "request.h"

static struct genl_family family;

static const struct nla_policy get_policy[IPXLAT_A_IFNAME + 1] = {
	[IPXLAT_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPXLAT_A_IFNAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

/* a reference to the device that @tb names */
static struct net_device *find_device(struct net *net, struct nlattr *tb[],
				      struct netlink_ext_ack *extack)
{
	struct nlattr *index = tb[IPXLAT_A_IFINDEX], *name = tb[IPXLAT_A_IFNAME];
	struct net_device *dev;
	int err = 0;

	if (!index && !name)
		return ERR_PTR(ipxlat_request_refuse(
			extack, NULL, "a device index or name is required", -EINVAL));
	dev = index ? dev_get_by_index(net, nla_get_u32(index)) :
		      dev_get_by_name(net, nla_data(name));
	if (!dev)
		return ERR_PTR(ipxlat_request_refuse(extack, index ?: name,
						     "there is no such device", -ENODEV));
	if (index && name && nla_strcmp(name, dev->name))
		err = ipxlat_request_refuse(extack, name,
					    "the device with this index has another name", -ENODEV);
	else if (!ipxlat_device_is(dev))
		err = ipxlat_request_refuse(extack, index ?: name,
					    "the device is not an ipxlat device", -EOPNOTSUPP);
	if (!err)
		return dev;
	dev_put(dev);
	return ERR_PTR(err);
}

static int put_names(struct sk_buff *msg, const struct net_device *dev)
{
	return nla_put_u32(msg, IPXLAT_A_IFINDEX, dev->ifindex) ||
	       nla_put_string(msg, IPXLAT_A_IFNAME, dev->name);
}

static int put_prefix6(struct sk_buff *msg, const struct ipxlat_prefix6 *prefix)
{
	struct nlattr *nest;

	if (!prefix->length)
		return 0;
	nest = nla_nest_start(msg, IPXLAT_A_REMOTE_PREFIX6);
	if (!nest || nla_put_in6_addr(msg, IPXLAT_A_PREFIX6_ADDRESS, &prefix->address) ||
	    nla_put_u8(msg, IPXLAT_A_PREFIX6_LENGTH, prefix->length))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_config(struct sk_buff *msg, const struct ipxlat_config *config)
{
	const struct ipxlat_settings *settings = &config->settings;

	return (ipxlat_config_usable(config) && nla_put_flag(msg, IPXLAT_A_CONFIGURED)) ||
	       put_prefix6(msg, &settings->remote_prefix6) ||
	       nla_put_u32(msg, IPXLAT_A_LOWEST_IPV6_MTU, settings->lowest_ipv6_mtu) ||
	       nla_put_in_addr(msg, IPXLAT_A_ICMP_SOURCE4, settings->icmp_source4) ||
	       nla_put_u32(msg, IPXLAT_A_UDP_ZERO_CHECKSUM, settings->udp_zero_checksum) ||
	       nla_put_u32(msg, IPXLAT_A_MAP_ENTRIES, config->map.count);
}

static int fill_device(struct sk_buff *msg, struct net_device *dev, u32 portid, u32 seq, int flags,
		       u8 command)
{
	struct ipxlat_device *device = netdev_priv(dev);
	void *header;
	int err;

	header = genlmsg_put(msg, portid, seq, &family, flags, command);
	if (!header)
		return -EMSGSIZE;
	rcu_read_lock();
	err = put_names(msg, dev) ||
	      put_config(msg, &rcu_dereference(device->slot.published)->config);
	rcu_read_unlock();
	if (err) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return 0;
}

static int put_counter(struct sk_buff *msg, int type, u64 value, int pad)
{
	return nla_put_u64_64bit(msg, type, value, pad);
}

static int put_traffic(struct sk_buff *msg, int type, const struct ipxlat_direction_sum *sum)
{
	const int pad = IPXLAT_A_TRAFFIC_PAD;
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest || put_counter(msg, IPXLAT_A_TRAFFIC_PACKETS_IN, sum->packets_in, pad) ||
	    put_counter(msg, IPXLAT_A_TRAFFIC_BYTES_IN, sum->bytes_in, pad) ||
	    put_counter(msg, IPXLAT_A_TRAFFIC_PACKETS_OUT, sum->packets_out, pad) ||
	    put_counter(msg, IPXLAT_A_TRAFFIC_BYTES_OUT, sum->bytes_out, pad))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_reason_directions(struct sk_buff *msg, u64 to_v4, u64 to_v6)
{
	const int pad = IPXLAT_A_STATS_PAD;

	return put_counter(msg, IPXLAT_A_STATS_PACKETS, to_v4 + to_v6, pad) ||
	       put_counter(msg, IPXLAT_A_STATS_TO_V4, to_v4, pad) ||
	       put_counter(msg, IPXLAT_A_STATS_TO_V6, to_v6, pad);
}

static int put_reason(struct sk_buff *msg, u32 reason, const struct ipxlat_stats_sum *sum)
{
	struct nlattr *nest = nla_nest_start(msg, IPXLAT_A_STATS_REASON);
	int err;

	if (!nest || nla_put_u32(msg, IPXLAT_A_STATS_ID, reason) ||
	    nla_put_string(msg, IPXLAT_A_STATS_NAME, ipxlat_reason_name(reason)))
		return -EMSGSIZE;
	if (reason == IPXLAT_REASON_NOT_IP)
		err = put_counter(msg, IPXLAT_A_STATS_PACKETS, sum->not_ip, IPXLAT_A_STATS_PAD);
	else
		err = put_reason_directions(msg, sum->direction[0].reason[reason],
					    sum->direction[1].reason[reason]);
	if (err)
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_stats(struct sk_buff *msg, const struct ipxlat_stats_sum *sum)
{
	u32 i;

	if (put_traffic(msg, IPXLAT_A_TRAFFIC_TO_V4, &sum->direction[0]) ||
	    put_traffic(msg, IPXLAT_A_TRAFFIC_TO_V6, &sum->direction[1]))
		return -EMSGSIZE;
	for (i = 0; i < __IPXLAT_REASON_MAX; i++)
		if (put_reason(msg, i, sum))
			return -EMSGSIZE;
	return 0;
}

/* about 3,000 bytes, which must fit into NLMSG_GOODSIZE */
static int fill_stats(struct sk_buff *msg, struct net_device *dev, u32 portid, u32 seq, int flags,
		      u8 command)
{
	struct ipxlat_device *device = netdev_priv(dev);
	struct ipxlat_stats_sum sum;
	void *header;

	header = genlmsg_put(msg, portid, seq, &family, flags, command);
	if (!header)
		return -EMSGSIZE;
	ipxlat_stats_read(device->stats, &sum);
	if (put_names(msg, dev) || put_stats(msg, &sum)) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return 0;
}

typedef int (*fill_fn)(struct sk_buff *msg, struct net_device *dev, u32 portid, u32 seq, int flags,
		       u8 command);

static int answer(struct genl_info *info, fill_fn fill)
{
	struct net_device *dev = find_device(genl_info_net(info), info->attrs, info->extack);
	struct sk_buff *msg;
	int err = -ENOMEM;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (msg) {
		err = fill(msg, dev, info->snd_portid, info->snd_seq, 0, info->genlhdr->cmd);
		if (err)
			nlmsg_free(msg);
		else
			err = genlmsg_reply(msg, info);
	}
	dev_put(dev);
	return err;
}

/* the one with the smallest index above @ifindex */
static struct net_device *next_device(struct net *net, int ifindex)
{
	struct net_device *dev, *next = NULL;

	for_each_netdev_rcu(net, dev)
		if (ipxlat_device_is(dev) && dev->ifindex > ifindex &&
		    (!next || dev->ifindex < next->ifindex))
			next = dev;
	return next;
}

/* Another if a device came, went or was changed. Not 0, which a dump takes for none. */
static unsigned int state_of(struct net *net)
{
	unsigned int state = net->dev_base_seq;
	struct net_device *dev;

	for_each_netdev_rcu(net, dev) {
		struct ipxlat_device *device = netdev_priv(dev);

		if (ipxlat_device_is(dev))
			state += rcu_dereference(device->slot.published)->generation;
	}
	return state ?: 1;
}

/* one message a device, by index; args[0]: that of the last one told of */
static int dump(struct sk_buff *msg, struct netlink_callback *cb, fill_fn fill, u8 command)
{
	struct net *net = sock_net(msg->sk);
	struct net_device *dev;

	rcu_read_lock();
	cb->seq = state_of(net);
	while ((dev = next_device(net, cb->args[0]))) {
		struct nlmsghdr *message = (struct nlmsghdr *)skb_tail_pointer(msg);

		if (fill(msg, dev, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, NLM_F_MULTI,
			 command))
			break;
		nl_dump_check_consistent(cb, message);
		cb->args[0] = dev->ifindex;
	}
	rcu_read_unlock();
	return msg->len;
}

static int dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return answer(info, fill_device);
}

static int dev_get_dumpit(struct sk_buff *msg, struct netlink_callback *cb)
{
	return dump(msg, cb, fill_device, IPXLAT_CMD_DEV_GET);
}

static int stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return answer(info, fill_stats);
}

static int stats_get_dumpit(struct sk_buff *msg, struct netlink_callback *cb)
{
	return dump(msg, cb, fill_stats, IPXLAT_CMD_STATS_GET);
}

/* to the namespace that the device is in, which it leaves under the RTNL only */
static void announce(struct net_device *dev)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg)
		return;
	rtnl_lock();
	if (fill_device(msg, dev, 0, 0, 0, IPXLAT_CMD_DEV_NTF))
		nlmsg_free(msg);
	else
		genlmsg_multicast_netns(&family, dev_net(dev), msg, 0, 0, GFP_KERNEL);
	rtnl_unlock();
}

static int apply(struct net_device *dev, struct genl_info *info, const struct ipxlat_change *change)
{
	struct ipxlat_device *device = netdev_priv(dev);
	const char *why;
	u32 blame;
	int err;

	mutex_lock(&device->slot.lock);
	err = ipxlat_config_change(&device->slot, change, &why, &blame);
	if (!err)
		announce(dev);
	mutex_unlock(&device->slot.lock);
	if (!err || !why)
		return err;
	return ipxlat_request_refuse(info->extack,
				     blame ? (void *)((u8 *)info->nlhdr + blame) : NULL, why, err);
}

static int dev_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ipxlat_change change;
	struct net_device *dev;
	int err;

	dev = find_device(genl_info_net(info), info->attrs, info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = ipxlat_request_read(info, &change);
	if (!err)
		err = apply(dev, info, &change);
	ipxlat_request_free(&change);
	dev_put(dev);
	return err;
}

static int put_entry(struct sk_buff *msg, const struct ipxlat_map_entry *entry)
{
	struct nlattr *nest = nla_nest_start(msg, IPXLAT_A_MAP_ENTRY);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_in_addr(msg, IPXLAT_A_MAP_ADDRESS4, entry->address4) ||
	    nla_put_u8(msg, IPXLAT_A_MAP_LENGTH4, entry->length4) ||
	    nla_put_in6_addr(msg, IPXLAT_A_MAP_ADDRESS6, &entry->address6) ||
	    nla_put_u8(msg, IPXLAT_A_MAP_LENGTH6, entry->length6)) {
		nla_nest_cancel(msg, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/* args[0]: the device's index, args[1]: entries already told of */
static int map_get_start(struct netlink_callback *cb)
{
	struct nlattr *tb[IPXLAT_A_IFNAME + 1];
	struct net_device *dev;
	int err;

	err = nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, IPXLAT_A_IFNAME, get_policy, cb->extack);
	if (err)
		return err;
	dev = find_device(sock_net(cb->skb->sk), tb, cb->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	cb->args[0] = dev->ifindex;
	dev_put(dev);
	return 0;
}

static int fill_map(struct sk_buff *msg, struct netlink_callback *cb, struct net_device *dev)
{
	const struct ipxlat_device *device = netdev_priv(dev);
	const struct ipxlat_published *published = rcu_dereference(device->slot.published);
	const struct ipxlat_map *map = &published->config.map;
	void *header;

	/* a change between two parts makes the generations differ: NLM_F_DUMP_INTR */
	cb->seq = published->generation;
	if (cb->args[1] >= map->count)
		return 0;
	header = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &family,
			     NLM_F_MULTI, IPXLAT_CMD_MAP_GET);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	if (nla_put_u32(msg, IPXLAT_A_IFINDEX, dev->ifindex)) {
		genlmsg_cancel(msg, header);
		return -EMSGSIZE;
	}
	while (cb->args[1] < map->count && !put_entry(msg, &map->entries[cb->args[1]]))
		cb->args[1]++;
	genlmsg_end(msg, header);
	return msg->len;
}

static int map_get_dumpit(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct net_device *dev;
	int err = -ENODEV;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(sock_net(msg->sk), cb->args[0]);
	if (dev && ipxlat_device_is(dev))
		err = fill_map(msg, cb, dev);
	rcu_read_unlock();
	return err;
}

static const struct genl_ops ops[] = {
	{
		.cmd = IPXLAT_CMD_DEV_GET,
		.doit = dev_get_doit,
		.dumpit = dev_get_dumpit,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
	},
	{
		.cmd = IPXLAT_CMD_DEV_SET,
		.doit = dev_set_doit,
		.policy = ipxlat_request_policy,
		.maxattr = IPXLAT_A_MAP_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = IPXLAT_CMD_MAP_GET,
		.start = map_get_start,
		.dumpit = map_get_dumpit,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
	},
	{
		.cmd = IPXLAT_CMD_STATS_GET,
		.doit = stats_get_doit,
		.dumpit = stats_get_dumpit,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = IPXLAT_MCGRP_CONFIG },
};

static struct genl_family family __ro_after_init = {
	.name = IPXLAT_GENL_NAME,
	.version = IPXLAT_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = IPXLAT_CMD_MAX + 1,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int ipxlat_netlink_register(void)
{
	return genl_register_family(&family);
}

void ipxlat_netlink_unregister(void)
{
	genl_unregister_family(&family);
}
