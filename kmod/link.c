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
	.setup = ipxlat_device_setup,
	.validate = validate,
	.newlink = newlink,
};

int ipxlat_link_register(void)
{
	return rtnl_link_register(&link_ops);
}

void ipxlat_link_unregister(void)
{
	rtnl_link_unregister(&link_ops);
}
