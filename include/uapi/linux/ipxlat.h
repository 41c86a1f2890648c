/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * ipxlat: stateless IPv4/IPv6 translation device, the kernel interface
 *
 * A device of kind "ipxlat" is made and removed by rtnetlink (RTM_NEWLINK with IFLA_INFO_KIND
 * "ipxlat", no IFLA_INFO_DATA, neither then nor later). It starts unconfigured and then drops every
 * packet with IPXLAT_REASON_NOT_CONFIGURED. RTM_GETLINK answers with IFLA_INFO_DATA that holds enum
 * ipxlat_attr_link. Its settings are read and changed through the generic netlink
 * family IPXLAT_GENL_NAME, version IPXLAT_GENL_VERSION.
 *
 * Addresses are in network byte order, everything else is in host byte order. Requests are
 * validated strictly: an unknown attribute, a wrong length or trailing bytes are refused. A
 * refusal carries an extack sentence and, where one attribute is to blame, its offset.
 *
 * Which device: IPXLAT_A_DEV_IFINDEX or IPXLAT_A_DEV_IFNAME; with both, both must agree. The device
 * is looked for in the network namespace of the requesting socket. ENODEV: there is none.
 * EOPNOTSUPP: there is one of another kind.
 *
 * IPXLAT_CMD_DEV_GET (do, dump), no privilege
 *     Answers with IFINDEX, IFNAME, CONFIGURED if it is, the settings and the number of map
 *     entries. A dump is sorted by IFINDEX. NLM_F_DUMP_INTR is set when a device came, went or
 *     was changed meanwhile.
 *
 * IPXLAT_CMD_DEV_SET (do), CAP_NET_ADMIN in the user namespace that owns the network namespace
 *     Changes the settings that are present and leaves the others. MAP_FLUSH first empties the
 *     map, then every MAP_DEL entry is removed, then every MAP_ADD entry is added; both may occur
 *     any number of times, so that one message carries a whole map. The result is validated as
 *     a whole and takes effect at once for all packets: a packet, together with the packet it may
 *     quote, sees the settings from before or from after and never a mixture. A refused request
 *     changes nothing. Errors: EINVAL (a value or a combination is not allowed), EEXIST (MAP_ADD:
 *     a prefix that the map has already on that side), ENOENT (MAP_DEL: no such entry), E2BIG
 *     (more than IPXLAT_MAP_ENTRIES_MAX entries), ENOMEM.
 *
 * IPXLAT_CMD_MAP_GET (dump), no privilege
 *     Answers with one message for a part of the map, with IFINDEX and any number of MAP_ENTRY,
 *     sorted by IPv4 prefix. NLM_F_DUMP_INTR is set when the settings changed meanwhile.
 *
 * IPXLAT_CMD_STATS_GET (do, dump), no privilege
 *     Answers with IFINDEX, IFNAME, the traffic of each direction, and one STATS_REASON for every
 *     enum ipxlat_reason that the kernel knows, zeros included. A packet is counted once, when it
 *     has left or is freed; of a train of segmentation offload that is cut here, each segment is.
 *     A dump is as that of DEV_GET.
 *
 * Multicast group IPXLAT_MCGRP_CONFIG
 *     IPXLAT_CMD_DEV_NTF, the contents of a DEV_GET answer, after every change, in the network
 *     namespace that the device is in.
 */
#ifndef _UAPI_LINUX_IPXLAT_H
#define _UAPI_LINUX_IPXLAT_H

#define IPXLAT_GENL_NAME "ipxlat"
#define IPXLAT_GENL_VERSION 1
#define IPXLAT_MCGRP_CONFIG "config"

#define IPXLAT_MAP_ENTRIES_MAX 1000000
#define IPXLAT_LOWEST_IPV6_MTU_MIN 1280
#define IPXLAT_LOWEST_IPV6_MTU_MAX 65535

enum ipxlat_cmd {
	IPXLAT_CMD_UNSPEC,
	IPXLAT_CMD_DEV_GET,
	IPXLAT_CMD_DEV_SET,
	IPXLAT_CMD_DEV_NTF,
	IPXLAT_CMD_MAP_GET,
	IPXLAT_CMD_STATS_GET,

	__IPXLAT_CMD_MAX,
	IPXLAT_CMD_MAX = __IPXLAT_CMD_MAX - 1
};

/**
 * enum ipxlat_attr - attributes of all commands
 * @IPXLAT_A_IFINDEX: u32, 1 or more
 * @IPXLAT_A_IFNAME: string, 1 to 15 bytes
 * @IPXLAT_A_CONFIGURED: flag, answers only: the device translates (it has a remote prefix or a map)
 * @IPXLAT_A_REMOTE_PREFIX6: nest of enum ipxlat_attr_prefix6: how an IPv4 address that is not local
 *	is written in IPv6 (RFC 6052). Length 32, 40, 48, 56, 64 or 96. An empty nest unsets it; in
 *	answers it is absent when unset
 * @IPXLAT_A_LOWEST_IPV6_MTU: u32, bytes, 1280 to 65535, default 1280 (RFC 7915 section 4): what an
 *	IPv4 packet without DF may be long in IPv6 before it is fragmented
 * @IPXLAT_A_ICMP_SOURCE4: 4 bytes, default 192.0.0.8 (RFC 6791, RFC 7600): IPv4 source of a
 *	translated ICMPv6 error whose own source has no IPv4 form
 * @IPXLAT_A_UDP_ZERO_CHECKSUM: u32, enum ipxlat_udp_zero_checksum
 * @IPXLAT_A_MAP_ENTRIES: u32, answers only: number of local-map entries
 * @IPXLAT_A_MAP_FLUSH: flag, DEV_SET only
 * @IPXLAT_A_MAP_DEL: nest of enum ipxlat_attr_map, DEV_SET only, repeated
 * @IPXLAT_A_MAP_ADD: nest of enum ipxlat_attr_map, DEV_SET only, repeated
 * @IPXLAT_A_MAP_ENTRY: nest of enum ipxlat_attr_map, MAP_GET answers only, repeated
 * @IPXLAT_A_STATS_REASON: nest of enum ipxlat_attr_stats, STATS_GET answers only, repeated
 * @IPXLAT_A_PAD: never carries anything
 * @IPXLAT_A_TRAFFIC_TO_V4: nest of enum ipxlat_attr_traffic, STATS_GET answers only: 6 to 4
 * @IPXLAT_A_TRAFFIC_TO_V6: nest of enum ipxlat_attr_traffic, STATS_GET answers only: 4 to 6
 */
enum ipxlat_attr {
	IPXLAT_A_UNSPEC,
	IPXLAT_A_IFINDEX,
	IPXLAT_A_IFNAME,
	IPXLAT_A_CONFIGURED,
	IPXLAT_A_REMOTE_PREFIX6,
	IPXLAT_A_LOWEST_IPV6_MTU,
	IPXLAT_A_ICMP_SOURCE4,
	IPXLAT_A_UDP_ZERO_CHECKSUM,
	IPXLAT_A_MAP_ENTRIES,
	IPXLAT_A_MAP_FLUSH,
	IPXLAT_A_MAP_DEL,
	IPXLAT_A_MAP_ADD,
	IPXLAT_A_MAP_ENTRY,
	IPXLAT_A_STATS_REASON,
	IPXLAT_A_PAD,
	IPXLAT_A_TRAFFIC_TO_V4,
	IPXLAT_A_TRAFFIC_TO_V6,

	__IPXLAT_A_MAX,
	IPXLAT_A_MAX = __IPXLAT_A_MAX - 1
};

/**
 * enum ipxlat_attr_prefix6 - an IPv6 prefix
 * @IPXLAT_A_PREFIX6_ADDRESS: 16 bytes; bits behind the length must be zero
 * @IPXLAT_A_PREFIX6_LENGTH: u8, 0 to 128
 */
enum ipxlat_attr_prefix6 {
	IPXLAT_A_PREFIX6_UNSPEC,
	IPXLAT_A_PREFIX6_ADDRESS,
	IPXLAT_A_PREFIX6_LENGTH,

	__IPXLAT_A_PREFIX6_MAX,
	IPXLAT_A_PREFIX6_MAX = __IPXLAT_A_PREFIX6_MAX - 1
};

/**
 * enum ipxlat_attr_map - one explicit address mapping (RFC 7757 section 3.2); all four required
 * @IPXLAT_A_MAP_ADDRESS4: 4 bytes; bits behind the length must be zero
 * @IPXLAT_A_MAP_LENGTH4: u8, 0 to 32
 * @IPXLAT_A_MAP_ADDRESS6: 16 bytes; bits behind the length must be zero
 * @IPXLAT_A_MAP_LENGTH6: u8, 0 to 128; 32 - LENGTH4 must not exceed 128 - LENGTH6
 */
enum ipxlat_attr_map {
	IPXLAT_A_MAP_UNSPEC,
	IPXLAT_A_MAP_ADDRESS4,
	IPXLAT_A_MAP_LENGTH4,
	IPXLAT_A_MAP_ADDRESS6,
	IPXLAT_A_MAP_LENGTH6,

	__IPXLAT_A_MAP_MAX,
	IPXLAT_A_MAP_MAX = __IPXLAT_A_MAP_MAX - 1
};

/**
 * enum ipxlat_attr_stats - one counter
 * @IPXLAT_A_STATS_ID: u32, enum ipxlat_reason
 * @IPXLAT_A_STATS_NAME: string, the reason's name
 * @IPXLAT_A_STATS_PACKETS: u64, packets that came in, since the device was made
 * @IPXLAT_A_STATS_TO_V4: u64, those of them that were to go from 6 to 4; absent with
 *	IPXLAT_REASON_NOT_IP, as such packets have no direction
 * @IPXLAT_A_STATS_TO_V6: u64, those that were to go from 4 to 6; absent likewise
 */
enum ipxlat_attr_stats {
	IPXLAT_A_STATS_UNSPEC,
	IPXLAT_A_STATS_ID,
	IPXLAT_A_STATS_NAME,
	IPXLAT_A_STATS_PACKETS,
	IPXLAT_A_STATS_PAD,
	IPXLAT_A_STATS_TO_V4,
	IPXLAT_A_STATS_TO_V6,

	__IPXLAT_A_STATS_MAX,
	IPXLAT_A_STATS_MAX = __IPXLAT_A_STATS_MAX - 1
};

/**
 * enum ipxlat_attr_traffic - one direction, since the device was made
 * @IPXLAT_A_TRAFFIC_PACKETS_IN: u64, the sum of all reasons in this direction
 * @IPXLAT_A_TRAFFIC_BYTES_IN: u64, from the network header on, as below
 * @IPXLAT_A_TRAFFIC_PACKETS_OUT: u64; more than those with IPXLAT_REASON_OK where one was fragmented
 * @IPXLAT_A_TRAFFIC_BYTES_OUT: u64
 */
enum ipxlat_attr_traffic {
	IPXLAT_A_TRAFFIC_UNSPEC,
	IPXLAT_A_TRAFFIC_PACKETS_IN,
	IPXLAT_A_TRAFFIC_BYTES_IN,
	IPXLAT_A_TRAFFIC_PACKETS_OUT,
	IPXLAT_A_TRAFFIC_BYTES_OUT,
	IPXLAT_A_TRAFFIC_PAD,

	__IPXLAT_A_TRAFFIC_MAX,
	IPXLAT_A_TRAFFIC_MAX = __IPXLAT_A_TRAFFIC_MAX - 1
};

/**
 * enum ipxlat_attr_link - IFLA_INFO_DATA of a link, answers only
 * @IFLA_IPXLAT_REMOTE_PREFIX6: 16 bytes, as in enum ipxlat_attr; absent when unset
 * @IFLA_IPXLAT_REMOTE_LENGTH6: u8, the length of this prefix; absent likewise
 * @IFLA_IPXLAT_MAP_ENTRIES: u32
 */
enum ipxlat_attr_link {
	IFLA_IPXLAT_UNSPEC,
	IFLA_IPXLAT_REMOTE_PREFIX6,
	IFLA_IPXLAT_REMOTE_LENGTH6,
	IFLA_IPXLAT_MAP_ENTRIES,

	__IFLA_IPXLAT_MAX,
	IFLA_IPXLAT_MAX = __IFLA_IPXLAT_MAX - 1
};

/**
 * enum ipxlat_udp_zero_checksum - what to do with UDP over IPv4 without a checksum
 * @IPXLAT_UDP_ZERO_COMPUTE: compute it (RFC 7915 section 4.5); fragments are dropped. The default
 * @IPXLAT_UDP_ZERO_DROP: drop
 * @IPXLAT_UDP_ZERO_FORWARD: pass it without, both ways; for tunnels (RFC 6935, RFC 6936)
 */
enum ipxlat_udp_zero_checksum {
	IPXLAT_UDP_ZERO_COMPUTE,
	IPXLAT_UDP_ZERO_DROP,
	IPXLAT_UDP_ZERO_FORWARD,
};

/**
 * enum ipxlat_reason - what became of a packet: OK, or why it was dropped
 *
 * The verdict of the translating code, the index of the counters, a field of the tracepoint
 * ipxlat:ipxlat_drop. Numbers are never reused. Names and sentences: kmod/core/reason.c.
 */
enum ipxlat_reason {
	IPXLAT_REASON_OK,
	/* the device */
	IPXLAT_REASON_NOT_CONFIGURED,
	IPXLAT_REASON_NOT_IP,
	IPXLAT_REASON_NO_MEMORY,
	IPXLAT_REASON_NO_ROUTE,
	IPXLAT_REASON_LOOP,
	IPXLAT_REASON_TOO_BIG,
	/* the network header */
	IPXLAT_REASON_BAD_HEADER,
	IPXLAT_REASON_BAD_HEADER_CHECKSUM,
	IPXLAT_REASON_TRUNCATED,
	IPXLAT_REASON_TOO_LONG,
	IPXLAT_REASON_SOURCE_ROUTE,
	IPXLAT_REASON_EXTENSION_HEADER,
	IPXLAT_REASON_ROUTING_HEADER,
	IPXLAT_REASON_EXTENSION_AFTER_FRAGMENT,
	IPXLAT_REASON_BAD_PROTOCOL,
	/* addresses */
	IPXLAT_REASON_MULTICAST,
	IPXLAT_REASON_LINK_LOCAL,
	IPXLAT_REASON_BAD_SOURCE,
	IPXLAT_REASON_BAD_DESTINATION,
	IPXLAT_REASON_NOT_LOCAL,
	IPXLAT_REASON_SOURCE_UNMAPPED,
	IPXLAT_REASON_DESTINATION_UNMAPPED,
	/* ICMP */
	IPXLAT_REASON_ICMP_FRAGMENT,
	IPXLAT_REASON_ICMP_TYPE,
	IPXLAT_REASON_ICMP_POINTER,
	IPXLAT_REASON_ICMP_CHECKSUM,
	IPXLAT_REASON_ICMP_QUOTE,
	IPXLAT_REASON_ICMP_NESTED_ERROR,
	/* transport */
	IPXLAT_REASON_BAD_TRANSPORT,
	IPXLAT_REASON_UDP_ZERO_CHECKSUM,
	IPXLAT_REASON_UDP_ZERO_CHECKSUM_FRAGMENT,
	IPXLAT_REASON_SEGMENTATION,
	/* behind the device */
	IPXLAT_REASON_BACKLOG,
	IPXLAT_REASON_POLICY,

	__IPXLAT_REASON_MAX,
	IPXLAT_REASON_MAX = __IPXLAT_REASON_MAX - 1
};

#endif
