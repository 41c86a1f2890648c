#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a host sends through its device is subject to the policies and the routing rules of the family that it leaves as,
# like all that the host sends. The network is own_network.sh's, with two uplinks: routes lead to the first, those of
# table 100 to the second.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/own_network.sh
. "$(dirname "$0")/own_network.sh"
needs python3 nft
modprobe -qa xfrm_user esp4 esp6 gcm ghash_generic ctr seqiv

far_side 1 2
own_host host
uplink host 1
uplink host 2
own_device host
batch host < <(ways_out 1; ways_out 2 "table 100")
take_over "every rule and policy has been tried" python3 "$(dirname "$0")/programs/own_policy.py" $$
finish
