/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ipxlat

#if !defined(_IPXLAT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _IPXLAT_TRACE_H

#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "core/reason.h"

/* clang-format off */
/*
 * The symbols of an event bear its name, so it has the module's.
 * IPv4 addresses stand in the last four bytes, as in ::ffff:0:0/96.
 */
TRACE_EVENT(ipxlat_drop,
	TP_PROTO(const struct net_device *dev, bool to_v6, enum ipxlat_reason reason,
		 const struct in6_addr *source, const struct in6_addr *destination),
	TP_ARGS(dev, to_v6, reason, source, destination),
	TP_STRUCT__entry(
		__array(char, device, IFNAMSIZ)
		__field(bool, to_v6)
		__field(u32, reason)
		__array(char, name, 32)
		__array(u8, source, 16)
		__array(u8, destination, 16)
	),
	TP_fast_assign(
		strscpy(__entry->device, dev->name, IFNAMSIZ);
		__entry->to_v6 = to_v6;
		__entry->reason = reason;
		strscpy(__entry->name, ipxlat_reason_name(reason), 32);
		memcpy(__entry->source, source, 16);
		memcpy(__entry->destination, destination, 16);
	),
	TP_printk("device=%s direction=%s reason=%s source=%pI6c destination=%pI6c",
		  __entry->device, __entry->to_v6 ? "to_v6" : "to_v4", __entry->name,
		  __entry->source, __entry->destination)
);
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
