#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Links, dumps and the cost of changes, as netlink shows them. One namespace, no traffic.
. "$(dirname "$0")/lib.sh"
needs python3

namespaces host
take_over "every request has been sent" ns host python3 "$(dirname "$0")/programs/control.py"
finish
