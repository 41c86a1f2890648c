// SPDX-License-Identifier: GPL-2.0-only
#include "icmp.h"

enum {
	ICMP4_ECHO_REPLY = 0,
	ICMP4_UNREACHABLE = 3,
	ICMP4_SOURCE_QUENCH = 4,
	ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP4_PARAMETER_PROBLEM = 12,

	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER_PROBLEM = 4,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
};

#define NONE 0xff

bool ipxlat_icmp4_is_error(u8 type)
{
	return type == ICMP4_UNREACHABLE || type == ICMP4_SOURCE_QUENCH || type == ICMP4_REDIRECT ||
	       type == ICMP4_TIME_EXCEEDED || type == ICMP4_PARAMETER_PROBLEM;
}

bool ipxlat_icmp6_is_error(u8 type)
{
	return type < 128;
}

bool ipxlat_icmp6_has_length(u8 type)
{
	return type == ICMP6_UNREACHABLE || type == ICMP6_TIME_EXCEEDED;
}

static enum ipxlat_reason query(u8 type, u8 code, struct ipxlat_icmp *out)
{
	*out = (struct ipxlat_icmp){ .type = type, .code = code };
	return type == NONE ? IPXLAT_REASON_ICMP_TYPE : IPXLAT_REASON_OK;
}

enum ipxlat_reason ipxlat_icmp_query_to6(u8 type, u8 code, struct ipxlat_icmp *out)
{
	return query(type == ICMP4_ECHO       ? ICMP6_ECHO :
		     type == ICMP4_ECHO_REPLY ? ICMP6_ECHO_REPLY :
						NONE,
		     code, out);
}

enum ipxlat_reason ipxlat_icmp_query_to4(u8 type, u8 code, struct ipxlat_icmp *out)
{
	return query(type == ICMP6_ECHO       ? ICMP4_ECHO :
		     type == ICMP6_ECHO_REPLY ? ICMP4_ECHO_REPLY :
						NONE,
		     code, out);
}

/* RFC 7915 figures 3 and 6: where a header field stands in the other family's header */
static enum ipxlat_reason parameter_problem(const u8 *map, u32 count, u32 pointer, u8 type,
					    struct ipxlat_icmp *out)
{
	if (pointer >= count || map[pointer] == NONE)
		return IPXLAT_REASON_ICMP_POINTER;
	*out = (struct ipxlat_icmp){
		.type = type,
		.word = IPXLAT_ICMP_WORD_POINTER,
		.pointer = map[pointer],
	};
	return IPXLAT_REASON_OK;
}

static enum ipxlat_reason unreachable_to6(u8 code, struct ipxlat_icmp *out)
{
	out->type = ICMP6_UNREACHABLE;
	switch (code) {
	case 0:
	case 1:
	case 5:
	case 6:
	case 7:
	case 8:
	case 11:
	case 12:
		out->code = 0;
		return IPXLAT_REASON_OK;
	case 9:
	case 10:
	case 13:
	case 15:
		out->code = 1;
		return IPXLAT_REASON_OK;
	case 2: /* protocol: an unrecognized Next Header, at byte 6 */
		*out = (struct ipxlat_icmp){
			.type = ICMP6_PARAMETER_PROBLEM,
			.code = 1,
			.word = IPXLAT_ICMP_WORD_POINTER,
			.pointer = 6,
		};
		return IPXLAT_REASON_OK;
	case 3:
		out->code = 4;
		return IPXLAT_REASON_OK;
	case 4:
		out->type = ICMP6_TOO_BIG;
		out->word = IPXLAT_ICMP_WORD_MTU;
		return IPXLAT_REASON_OK;
	default:
		return IPXLAT_REASON_ICMP_TYPE;
	}
}

enum ipxlat_reason ipxlat_icmp_error_to6(u8 type, u8 code, u32 word, struct ipxlat_icmp *out)
{
	static const u8 pointers[] = { 0,    1,    4, 4, NONE, NONE, NONE, NONE, 7,  6,
				       NONE, NONE, 8, 8, 8,    8,    24,   24,   24, 24 };

	*out = (struct ipxlat_icmp){ .word = IPXLAT_ICMP_WORD_UNUSED };
	switch (type) {
	case ICMP4_UNREACHABLE:
		return unreachable_to6(code, out);
	case ICMP4_TIME_EXCEEDED:
		out->type = ICMP6_TIME_EXCEEDED;
		out->code = code;
		return IPXLAT_REASON_OK;
	case ICMP4_PARAMETER_PROBLEM:
		if (code != 0 && code != 2)
			return IPXLAT_REASON_ICMP_TYPE;
		return parameter_problem(pointers, sizeof(pointers), word >> 24,
					 ICMP6_PARAMETER_PROBLEM, out);
	default:
		return IPXLAT_REASON_ICMP_TYPE;
	}
}

static enum ipxlat_reason unreachable_to4(u8 code, struct ipxlat_icmp *out)
{
	static const u8 codes[] = { 1, 10, 1, 1, 3 };

	if (code >= sizeof(codes))
		return IPXLAT_REASON_ICMP_TYPE;
	out->type = ICMP4_UNREACHABLE;
	out->code = codes[code];
	return IPXLAT_REASON_OK;
}

static enum ipxlat_reason parameter_problem_to4(u8 code, u32 word, struct ipxlat_icmp *out)
{
	static const u8 pointers[] = { 0,  1,  NONE, NONE, 2,  2,  9,  8,  12, 12, 12, 12, 12, 12,
				       12, 12, 12,   12,   12, 12, 12, 12, 12, 12, 16, 16, 16, 16,
				       16, 16, 16,   16,   16, 16, 16, 16, 16, 16, 16, 16 };

	if (code == 0)
		return parameter_problem(pointers, sizeof(pointers), word, ICMP4_PARAMETER_PROBLEM,
					 out);
	if (code != 1)
		return IPXLAT_REASON_ICMP_TYPE;
	out->type = ICMP4_UNREACHABLE;
	out->code = 2;
	return IPXLAT_REASON_OK;
}

enum ipxlat_reason ipxlat_icmp_error_to4(u8 type, u8 code, u32 word, struct ipxlat_icmp *out)
{
	*out = (struct ipxlat_icmp){ .word = IPXLAT_ICMP_WORD_UNUSED };
	switch (type) {
	case ICMP6_UNREACHABLE:
		return unreachable_to4(code, out);
	case ICMP6_TOO_BIG:
		out->type = ICMP4_UNREACHABLE;
		out->code = 4;
		out->word = IPXLAT_ICMP_WORD_MTU;
		return IPXLAT_REASON_OK;
	case ICMP6_TIME_EXCEEDED:
		out->type = ICMP4_TIME_EXCEEDED;
		out->code = code;
		return IPXLAT_REASON_OK;
	case ICMP6_PARAMETER_PROBLEM:
		return parameter_problem_to4(code, word, out);
	default:
		return IPXLAT_REASON_ICMP_TYPE;
	}
}
