/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPXLAT_CMD_DEV_SET as a message: what may be in it, and what change it asks for.
 */
#ifndef _IPXLAT_REQUEST_H
#define _IPXLAT_REQUEST_H

#include "config.h"

struct genl_info;
struct netlink_ext_ack;
struct nla_policy;
struct nlattr;

extern const struct nla_policy ipxlat_request_policy[IPXLAT_A_MAP_ADD + 1];

/*
 * 0, -ENOMEM, or what is wrong, in info->extack with the attribute to blame. The caller frees @change,
 * also after an error.
 */
int ipxlat_request_read(struct genl_info *info, struct ipxlat_change *change);
void ipxlat_request_free(struct ipxlat_change *change);

/* Tells why the request is refused, and @attr, which may be NULL, to blame. Returns @err. */
int ipxlat_request_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
			  const char *why, int err);

#endif
