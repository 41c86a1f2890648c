/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only file of the core that knows whether it is compiled for the kernel or for userspace.
 */
#ifndef _IPXLAT_CORE_ENV_H
#define _IPXLAT_CORE_ENV_H

#ifdef __KERNEL__

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>
#include <asm/checksum.h>

#define IPXLAT_SORT_CONTEXT const void

/* a variable that is not to be cleared first, as the kernel's compilers do: all of it is written before it is read */
#define IPXLAT_UNSET __uninitialized

/* lets others have the CPU in a long loop */
#define ipxlat_yield() cond_resched()

#define ipxlat_sort(base, count, size, compare, context) \
	sort_r(base, count, size, compare, NULL, context)

/* RFC 791: the check of an IPv4 header of @words 32-bit words, or 0 if the one in it is right */
static inline __be16 ipxlat_check_header4(const void *header, unsigned int words)
{
	return (__force __be16)ip_fast_csum(header, words);
}

#else

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r() */
#endif

#include <endian.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#ifndef __force
#define __force
#endif
#define cpu_to_be16(x) htobe16(x)
#define be16_to_cpu(x) be16toh(x)
#define cpu_to_be32(x) htobe32(x)
#define be32_to_cpu(x) be32toh(x)
#define cpu_to_be64(x) htobe64(x)
#define be64_to_cpu(x) be64toh(x)

#define IPXLAT_SORT_CONTEXT void

#define IPXLAT_UNSET

#define ipxlat_yield() ((void)0)

#define ipxlat_sort(base, count, size, compare, context) \
	qsort_r(base, count, size, compare, context)

static inline __be16 ipxlat_check_header4(const void *header, unsigned int words)
{
	const u8 *at = (const u8 *)header;
	u64 sum = 0;
	u32 word;

	for (; words; words--, at += 4) {
		memcpy(&word, at, 4);
		sum += word;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

#endif

#include <linux/ipxlat.h>

static inline u32 ipxlat_min(u32 a, u32 b)
{
	return a < b ? a : b;
}

static inline u32 ipxlat_max(u32 a, u32 b)
{
	return a > b ? a : b;
}

/* A function with all that it calls in it, and one that stays by itself even then: it is seldom needed. */
#define IPXLAT_WHOLE __attribute__((__flatten__))
#define IPXLAT_APART __attribute__((__noinline__))

#ifdef __cplusplus
#define IPXLAT_CORE_BEGIN extern "C" {
#define IPXLAT_CORE_END }
#else
#define IPXLAT_CORE_BEGIN
#define IPXLAT_CORE_END
#endif

#endif
