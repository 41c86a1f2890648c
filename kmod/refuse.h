/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_REFUSE_H
#define _IPXLAT_REFUSE_H

#include "packet.h"

/*
 * Sends the ICMP error that belongs to @reason, if one does, to the sender of the packet, which is
 * still as it came. What must not be answered is left to the stack's own rules, as is the rate limit.
 */
void ipxlat_refuse(struct ipxlat_packet *packet, enum ipxlat_reason reason);

#endif
