// SPDX-License-Identifier: GPL-2.0-only
#include "extension.h"
#include "csum.h"

/* RFC 4884 4 */
#define ORIGINAL_MIN 128

/* RFC 4884 7 */
struct extension {
	u8 version; /* in the upper four bits */
	u8 reserved;
	__be16 check; /* 0: none */
};

/* RFC 4884 7.1, RFC 5837 4 */
struct interface_information {
	__be16 length;
	u8 class;
	u8 type;
	__be16 family;
	u16 reserved;
	struct in6_addr address;
};

#define VERSION 0x20
#define CLASS_INTERFACE 2
/* the incoming interface, an IP address */
#define TYPE_ADDRESS 0x04
#define FAMILY_IPV6 2

static __be16 not_zero(__be16 check)
{
	return check ? check : (__force __be16)0xffff;
}

u32 ipxlat_extension_original(u32 length, u32 least, u32 body)
{
	return length < least || length >= body ? body : length;
}

void ipxlat_extension_add_source(struct ipxlat_rewrite *out, const u8 *tail,
				 const struct in6_addr *source)
{
	struct interface_information object = {
		.length = cpu_to_be16(sizeof(object)),
		.class = CLASS_INTERFACE,
		.type = TYPE_ADDRESS,
		.family = cpu_to_be16(FAMILY_IPV6),
		.address = *source,
	};
	struct extension extension = { .version = VERSION };
	u64 sum = ipxlat_sum_bytes((const u8 *)&extension, sizeof(extension)) +
		  ipxlat_sum_bytes((const u8 *)&object, sizeof(object));

	if (out->tail) {
		if (out->tail % 4 || tail[0] >> 4 != VERSION >> 4)
			return;
	} else {
		extension.check = not_zero(ipxlat_check(sum));
		memcpy(out->added, &extension, sizeof(extension));
		out->append = sizeof(extension);
	}
	memcpy(out->added + out->append, &object, sizeof(object));
	out->append += sizeof(object);
}

/* the check of an extension that an object has been added to */
static void patch_check(struct ipxlat_rewrite *out, const u8 *tail)
{
	u64 sum = ipxlat_sum_bytes(out->added, out->append);
	struct extension extension;

	memcpy(&extension, tail, sizeof(extension));
	if (extension.check)
		ipxlat_rewrite_patch(out, out->keep + out->pad + offsetof(struct extension, check),
				     not_zero(ipxlat_check_replace(extension.check, 0, sum)));
}

u32 ipxlat_extension_lay_out(struct ipxlat_rewrite *out, const struct ipxlat_extension_frame *frame,
			     const u8 *tail)
{
	u32 quoted_header = out->put - frame->header - IPXLAT_ICMP_HEADER;
	u32 room = frame->limit - frame->header - IPXLAT_ICMP_HEADER;
	u32 original = quoted_header + out->keep;
	u32 extension = out->tail + out->append;
	u32 most;

	if (!extension || !frame->unit || extension + ORIGINAL_MIN > room) {
		out->tail = 0;
		out->append = 0;
		out->keep = ipxlat_min(original, room) - quoted_header;
		return 0;
	}
	/* within both limits a Length of 8 bits can tell it */
	most = (room - extension) & ~(frame->unit - 1);
	original = (ipxlat_max(original, ORIGINAL_MIN) + frame->unit - 1) & ~(frame->unit - 1);
	original = ipxlat_min(original, most);
	out->keep = ipxlat_min(out->keep, original - quoted_header);
	out->pad = original - quoted_header - out->keep;
	if (out->tail && out->append)
		patch_check(out, tail);
	return original / frame->unit;
}
