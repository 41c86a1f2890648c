#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Malformed netlink requests: refused as a whole, whatever is wrong with them.
. "$(dirname "$0")/lib.sh"
needs python3

namespaces host
check "a device is made" ns host ip link add x0 type ipxlat
take_over "every request has been sent" ns host python3 "$(dirname "$0")/programs/malformed.py" x0 $RANDOM 600
finish
