#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packets of one flow keep their order through the device, whether someone looks at them or not.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3

siit_network
# none is to be lost because the sender is quicker
sysctl -qw net.core.netdev_max_backlog=20000
take_over "every flow has been sent" python3 "$(dirname "$0")/programs/order.py" $$
finish
