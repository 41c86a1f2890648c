/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _IPXLAT_CORE_REASON_H
#define _IPXLAT_CORE_REASON_H

#include "env.h"

IPXLAT_CORE_BEGIN

/* a short name in snake_case, at most 31 characters; "unknown" for a number that is no reason */
const char *ipxlat_reason_name(u32 reason);

/* one sentence for a person, without a full stop */
const char *ipxlat_reason_text(u32 reason);

IPXLAT_CORE_END

#endif
