#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A change of settings is announced in the namespace that the device is in when it has taken place, also if it has moved
# there meanwhile:
#
#   first: siit0 at first          second: siit0 then
. "$(dirname "$0")/lib.sh"
needs python3
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing

namespaces first second
take_over "every change has been announced" python3 "$(dirname "$0")/programs/notification.py" $$
finish
