#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Trains that the gateway's GRO makes of what arrives on the wire, in the network of siit_network.sh: longer than one
# packet's pages hold, with lists behind them, with checksums that are there and that are still to come.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3 tc
modprobe -qa sch_plug

siit_network
take_over "every train has been tried" python3 "$(dirname "$0")/programs/trains.py" $$
finish
