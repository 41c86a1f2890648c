#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module is there when a device is asked for, and goes without a trace.
. "$(dirname "$0")/lib.sh"

loaded() {
	[ -d /sys/module/ipxlat ]
}

if loaded; then rmmod ipxlat; fi
check_not "the module is not loaded before it is needed" loaded
check "ip link add loads the module through its alias" ip link add smoke0 type ipxlat
check "the module is loaded" loaded
check_says "the device says its kind" "ipxlat" ip -d link show smoke0
check_says "a new device is down" "state DOWN" ip link show smoke0
check "ip link del deletes the device" ip link del smoke0
check_not "the deleted device is gone" ip link show smoke0
check "the module unloads" wait_for rmmod ipxlat
check_not "nothing of the module is left" loaded
finish
