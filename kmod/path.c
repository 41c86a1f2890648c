// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet's path through the device, the core with it, as one unit of translation. Many of its functions do
 * less than a call costs, and here the compiler can put the whole of the usual way into one.
 */
#include "device.c"
#include "output.c"
#include "packet.c"
#include "offload.c"
#include "core/addr.c"
#include "core/answer.c"
#include "core/config.c"
#include "core/csum.c"
#include "core/ends.c"
#include "core/extension.c"
#include "core/header.c"
#include "core/icmp.c"
#include "core/map.c"
#include "core/map_merge.c"
#include "core/mtu.c"
#include "core/quoted.c"
#include "core/reason.c"
#include "core/to_v4.c"
#include "core/to_v6.c"
#include "core/transport.c"
