// SPDX-License-Identifier: GPL-2.0-only
#include "link.h"

#include <linux/ipv6.h>
#include <net/rtnetlink.h>

#include "compat.h"
#include "device.h"

static int validate(struct nlattr *tb[], struct nlattr *data[], struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "an ipxlat device has no link-layer address");
		return -EINVAL;
	}
	if (data) {
		NL_SET_ERR_MSG(extack,
			       "an ipxlat device is made without parameters; ipxlatctl sets them");
		return -EINVAL;
	}
	return 0;
}

static size_t get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(struct in6_addr)) + nla_total_size(sizeof(u8)) +
	       nla_total_size(sizeof(u32));
}

static int fill_info(struct sk_buff *msg, const struct net_device *dev)
{
	struct ipxlat_device *device = netdev_priv(dev);
	const struct ipxlat_config *config;
	const struct ipxlat_prefix6 *remote;
	int err;

	rcu_read_lock();
	config = &rcu_dereference(device->slot.published)->config;
	remote = &config->settings.remote_prefix6;
	err = (remote->length &&
	       (nla_put_in6_addr(msg, IFLA_IPXLAT_REMOTE_PREFIX6, &remote->address) ||
		nla_put_u8(msg, IFLA_IPXLAT_REMOTE_LENGTH6, remote->length))) ||
	      nla_put_u32(msg, IFLA_IPXLAT_MAP_ENTRIES, config->map.count);
	rcu_read_unlock();
	return err ? -EMSGSIZE : 0;
}

static int newlink(IPXLAT_NEWLINK_ARGS)
{
	if (!ipv6_mod_enabled()) {
		NL_SET_ERR_MSG(extack, "IPv6 is disabled on this system (ipv6.disable=1)");
		return -EAFNOSUPPORT;
	}
	return register_netdevice(dev);
}

static struct rtnl_link_ops link_ops __read_mostly = {
	.kind = KBUILD_MODNAME,
	.priv_size = sizeof(struct ipxlat_device),
	/* without it, validate() is not told that there is IFLA_INFO_DATA */
	.maxtype = IFLA_IPXLAT_MAX,
	.setup = ipxlat_device_setup,
	.validate = validate,
	.newlink = newlink,
	.get_size = get_size,
	.fill_info = fill_info,
};

int ipxlat_link_register(void)
{
	return rtnl_link_register(&link_ops);
}

void ipxlat_link_unregister(void)
{
	rtnl_link_unregister(&link_ops);
}
