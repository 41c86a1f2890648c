// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/genetlink.h>
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include <linux/ipxlat.h>

#include "link.h"
#include "netlink.h"

static int __init ipxlat_init(void)
{
	int err = ipxlat_link_register();

	if (!err) {
		err = ipxlat_netlink_register();
		if (err)
			ipxlat_link_unregister();
	}
	if (err == -EEXIST) {
		pr_err("this kernel has a link kind or a netlink family of that name already, of another module\n");
		/* to modprobe EEXIST means that this module is there already, and that all is well */
		err = -EBUSY;
	}
	return err;
}

static void __exit ipxlat_exit(void)
{
	ipxlat_netlink_unregister();
	ipxlat_link_unregister();
}

module_init(ipxlat_init);
module_exit(ipxlat_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION(IPXLAT_VERSION);
MODULE_DESCRIPTION("Stateless IPv4/IPv6 translation device (RFC 7915)");
MODULE_AUTHOR("The ipxlat developers");
MODULE_ALIAS_RTNL_LINK("ipxlat");
MODULE_ALIAS_GENL_FAMILY(IPXLAT_GENL_NAME);
