// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core as the module has it: one unit of translation. Many of its functions do less than a call costs,
 * and here the compiler can put the whole way of a packet into ipxlat_to_v6() and ipxlat_to_v4().
 */
#include "core/addr.c"
#include "core/answer.c"
#include "core/config.c"
#include "core/csum.c"
#include "core/ends.c"
#include "core/extension.c"
#include "core/header.c"
#include "core/icmp.c"
#include "core/map.c"
#include "core/mtu.c"
#include "core/quoted.c"
#include "core/reason.c"
#include "core/to_v4.c"
#include "core/to_v6.c"
#include "core/transport.c"
