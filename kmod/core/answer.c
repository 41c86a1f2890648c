// SPDX-License-Identifier: GPL-2.0-only
#include "answer.h"
#include "mtu.h"

#define PROHIBITED "communication administratively prohibited"

/* RFC 7915 4.4, RFC 792, RFC 1812 5.2.7.1 */
static const struct ipxlat_answer answers4[__IPXLAT_REASON_MAX] = {
	[IPXLAT_REASON_SOURCE_UNMAPPED] = { 3, 13, 0, PROHIBITED },
	[IPXLAT_REASON_DESTINATION_UNMAPPED] = { 3, 13, 0, PROHIBITED },
	[IPXLAT_REASON_UDP_ZERO_CHECKSUM] = { 3, 13, 0, PROHIBITED },
	[IPXLAT_REASON_POLICY] = { 3, 13, 0, PROHIBITED },
	[IPXLAT_REASON_SOURCE_ROUTE] = { 3, 5, 0, "source route failed" },
	[IPXLAT_REASON_NO_ROUTE] = { 3, 1, 0, "host unreachable" },
	[IPXLAT_REASON_TOO_BIG] = { 3, 4, 0, "fragmentation needed" },
};

/* RFC 7915 5.4, RFC 4443 */
static const struct ipxlat_answer answers6[__IPXLAT_REASON_MAX] = {
	[IPXLAT_REASON_SOURCE_UNMAPPED] = { 1, 1, 0, PROHIBITED },
	[IPXLAT_REASON_DESTINATION_UNMAPPED] = { 1, 1, 0, PROHIBITED },
	[IPXLAT_REASON_POLICY] = { 1, 1, 0, PROHIBITED },
	[IPXLAT_REASON_ROUTING_HEADER] = { 4, 0, 0, "erroneous header field" },
	[IPXLAT_REASON_NO_ROUTE] = { 1, 0, 0, "no route to destination" },
	[IPXLAT_REASON_TOO_BIG] = { 2, 0, 0, "packet too big" },
};

/* An ICMP error is not answered by another one (RFC 1122 3.2.2, RFC 4443 2.4). */
static bool answer_of(const struct ipxlat_answer *answers, const struct ipxlat_rewrite *plan,
		      enum ipxlat_reason reason, struct ipxlat_answer *out)
{
	if (plan->icmp_error || !answers[reason].text)
		return false;
	*out = answers[reason];
	return true;
}

bool ipxlat_answer_to_ipv4(const struct ipxlat_rewrite *plan, enum ipxlat_reason reason, u32 mtu,
			   struct ipxlat_answer *out)
{
	if (!answer_of(answers4, plan, reason, out))
		return false;
	if (reason == IPXLAT_REASON_TOO_BIG)
		out->word = ipxlat_mtu_to4(mtu, plan->header.fragment);
	return true;
}

bool ipxlat_answer_to_ipv6(const struct ipxlat_rewrite *plan, enum ipxlat_reason reason, u32 mtu,
			   struct ipxlat_answer *out)
{
	bool unmapped = reason == IPXLAT_REASON_SOURCE_UNMAPPED ||
			reason == IPXLAT_REASON_DESTINATION_UNMAPPED;

	/* RFC 7915 5.4: an ICMPv6 message that has no form in IPv4 goes without a word */
	if (unmapped && plan->header.protocol == IPPROTO_ICMPV6)
		return false;
	if (!answer_of(answers6, plan, reason, out))
		return false;
	if (reason == IPXLAT_REASON_TOO_BIG)
		out->word = ipxlat_mtu_to6(mtu, 0);
	if (reason == IPXLAT_REASON_ROUTING_HEADER)
		out->word = plan->header.pointer;
	return true;
}
