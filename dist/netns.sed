# SPDX-License-Identifier: GPL-2.0-only
# Makes ipxlatd@.service of ipxlatd.service: a daemon in the network namespace that "ip netns add" has made by this name,
# with a configuration and a directory of its own.
s|^Description=.*|& in network namespace %i|
s|^ExecStart=.*|& --config /etc/ipxlat/netns/%i.toml|
s|^RuntimeDirectory=.*|&/netns/%i|
s|^LogsDirectory=.*|&/netns/%i|
/^\[Service\]/a\
NetworkNamespacePath=/run/netns/%i
