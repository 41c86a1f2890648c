// SPDX-License-Identifier: GPL-2.0-only
// RFC 7915 4.2, 4.3, 5.2, 5.3; RFC 4884; RFC 6791
#include <algorithm>
#include <cstring>

#include "kmod/core/addr.h"
#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"
#include "tests/fuzz/dissection.h"
#include "tests/fuzz/packet_claims.h"

namespace ipxlat::test {
namespace {

// the longest error of each family (RFC 4443 2.4, RFC 1812 4.3.2.3)
constexpr size_t kLongest6 = 1280;
constexpr size_t kLongest4 = 576;
// a message is full when not even one more unit of its Length fits, of 8 and 4 bytes
constexpr size_t kFull6 = kLongest6 - 7;
constexpr size_t kFull4 = kLongest4 - 3;
// what an extension may have at most, so that 128 bytes of datagram stay (RFC 4884)
constexpr size_t kExtension6 = kLongest6 - 40 - 8 - 128;
constexpr size_t kExtension4 = kLongest4 - 20 - 8 - 128;
// RFC 5837: an extension header, and an object with an IPv6 address
constexpr size_t kExtensionHeader = 4;
constexpr size_t kSourceObject = 24;

template <class Address>
bool same(const Address& a, const Address& b) {
  return !std::memcmp(&a, &b, sizeof a);
}

void claim_quoted_header(const Dissection& in, const Dissection& out, View original) {
  claim(out.traffic_class == in.traffic_class, "the quoted traffic class is the same");
  claim(out.hop_limit == in.hop_limit, "the quoted hop limit is the same");
  claim(out.protocol == counterpart(in), "the quoted protocol is the other family's");
  claim(out.payload() == in.payload(), "the quoted length is that of the packet as it once was");
  claim(out.offset == in.offset && out.more == in.more, "the quoted offset is the same");
  if (out.family == Family::kIpv6) {
    claim(out.header == (in.fragment ? 48 : 40),
          "the quoted packet has a Fragment header if it is a fragment");
    claim(!in.fragment || out.id == in.id, "the quoted identification is the same");
    return;
  }
  claim(out.header == 20, "the quoted IPv4 header has no options");
  claim(remainder(original.first(20)) == 0, "the check of the quoted IPv4 header is right");
  claim(!in.fragment || out.id == (in.id & 0xffff), "the quoted identification is the low 16 bits");
  claim(out.dont_fragment == (!in.fragment && out.length > 1260), "the quoted DF is as it would be sent");
}

// What is quoted may be cut at the message's end, or padded in front of an extension.
void claim_quoted_message(const ErrorMessage& in, const ErrorMessage& out, size_t packet) {
  const size_t common = std::min(in.quoted.size(), out.quoted.size());
  claim_same_message(in.inner, in.quoted.first(common), out.inner, out.quoted.first(common));
  if (common < in.quoted.size()) {
    claim(packet >= (out.inner.family == Family::kIpv6 ? kFull6 : kFull4),
          "a quoted packet is cut where the message is full");
  }
  View behind = out.original.subspan(out.inner.header + common);
  claim(behind.empty() || !out.extension.empty(), "a quoted packet is padded in front of an extension alone");
  claim(std::all_of(behind.begin(), behind.end(), [](uint8_t byte) { return byte == 0; }),
        "a quoted packet is padded with zeros");
}

// RFC 6791 4, RFC 5837 4
void claim_source_object(View object, const in6_addr& source) {
  const uint8_t head[8] = {0, kSourceObject, 2, 4, 0, 2, 0, 0};
  claim(std::equal(head, head + 8, object.begin()),
        "what is added to an extension is an interface information object with an address");
  claim(std::equal(object.begin() + 8, object.end(), source.s6_addr),
        "which is the source that has no other form");
}

// RFC 6791 4: whether the source of an error is lost to icmp-source4
bool is_source_lost(const PacketCase& one, const Dissection& in) {
  if (in.family == Family::kIpv4) return false;
  auto source = AddressOracle(one.config).either(in.ends6.source);
  return !source || is_special(*source) || IN6_IS_ADDR_LINKLOCAL(&in.ends6.source);
}

// How many bytes an extension gets that keeps the source.
size_t added_size(View extension) {
  if (extension.empty()) return kExtensionHeader + kSourceObject;
  const bool known =
      extension.size() >= kExtensionHeader && extension.size() % 4 == 0 && extension[0] >> 4 == 2;
  return known ? kSourceObject : 0;
}

void claim_grown_extension(View in, View out) {
  if (in.empty()) {
    claim(word(out, 0) == 0x2000 && word(out, 2) != 0 && remainder(out) == 0,
          "a new extension has a right check");
    return;
  }
  claim(word(out, 0) == word(in, 0) && std::equal(in.begin() + 4, in.end(), out.begin() + 4),
        "the objects that there were are kept as they are");
  claim((word(in, 2) == 0) == (word(out, 2) == 0), "an extension without a check stays without");
  claim(word(out, 2) == 0 || remainder(out) == remainder(in),
        "the check of an extension is as right, or as wrong, as it was");
}

void claim_extension(const PacketCase& one, const Dissection& outer, const ErrorMessage& in,
                     const ErrorMessage& out) {
  const size_t added = is_source_lost(one, outer) ? added_size(in.extension) : 0;
  if (out.extension.empty()) {
    claim(out.counted == 0, "without an extension the Length is zero");
    const size_t most = outer.family == Family::kIpv4 ? kExtension6 : kExtension4;
    claim(!out.unit || in.extension.size() + added == 0 || in.extension.size() + added > most,
          "an extension is kept where there is room, and made where a source is lost");
    return;
  }
  claim(out.counted == out.original.size(), "the Length is that of the original datagram");
  claim(out.original.size() >= 128, "the original datagram is padded to 128 bytes");
  claim(out.extension.size() == in.extension.size() + added, "an extension is kept whole");
  if (added) {
    claim_source_object(out.extension.last(kSourceObject), outer.ends6.source);
    claim_grown_extension(in.extension, out.extension);
  } else {
    claim(std::equal(out.extension.begin(), out.extension.end(), in.extension.begin()),
          "an extension is kept as it is");
  }
}

uint32_t mtu_of(const Dissection& outer, const ErrorMessage& message) {
  return outer.family == Family::kIpv4 ? message.second & 0xffff : message.second;
}

// RFC 7915 4.2, 5.2
void claim_mtu(const PacketCase& one, const Dissection& outer, const ErrorMessage& in,
               const ErrorMessage& out, const Dissection& outer_out) {
  const uint64_t before = mtu_of(outer, in), after = mtu_of(outer_out, out);
  if (outer.family == Family::kIpv4) {
    const uint64_t links = std::min<uint64_t>(one.links.mtu6, one.links.mtu4 + 20);
    claim(after >= 1280 && after <= std::max<uint64_t>(1280, links),
          "a Packet Too Big is 1280 or what the links allow");
    claim(!before || after == std::max<uint64_t>(1280, std::min(before + 20, links)),
          "the MTU of a Packet Too Big is the one reported, plus 20");
  } else {
    const uint64_t links = std::min<uint64_t>(one.links.mtu4, one.links.mtu6 - 20);
    const uint64_t shrink = in.inner.fragment ? 28 : 20;
    const uint64_t reported = std::min<uint64_t>(std::max<uint64_t>(before, 1280) - shrink, 65535);
    claim(after == std::max<uint64_t>(68, std::min(reported, links)),
          "the MTU of a fragmentation needed is the one reported, 1280 at least, less 20 or 28");
  }
}

void claim_ends4(const AddressOracle& oracle, const Ends<in6_addr>& in, const Dissection& out,
                 const in_addr& icmp_source) {
  auto destination = oracle.either(in.destination);
  claim(destination && same(*destination, out.ends4.destination),
        "an error goes where its destination is mapped to");
  auto source = oracle.either(in.source);
  if (!source || is_special(*source) || IN6_IS_ADDR_LINKLOCAL(&in.source)) source = icmp_source;
  claim(same(*source, out.ends4.source),
        "an error comes from where its source is mapped to, or from icmp-source4");
}

void claim_ends6(const AddressOracle& oracle, const Ends<in_addr>& in, const Dissection& inner,
                 const Dissection& inner_out, const Dissection& out) {
  auto destination = oracle.either(in.destination);
  claim(destination && same(*destination, out.ends6.destination),
        "an error goes where its destination is mapped to");
  auto source = oracle.either(in.source);
  if (!source || is_special(*source) || same(in.source, inner.ends4.destination))
    source = inner_out.ends6.destination;
  claim(same(*source, out.ends6.source),
        "an error comes from where its source is mapped to, or the quoted destination");
}

void claim_ends(const PacketCase& one, const Dissection& in, const Dissection& out, const ErrorMessage& error,
                const ErrorMessage& error_out) {
  const AddressOracle oracle(one.config);
  bool written = false, local = false;
  if (in.family == Family::kIpv4) {
    auto expected = oracle.quoted_ends(error.inner.ends4);
    written = expected && same(*expected, error_out.inner.ends6);
    local = oracle.has_local_end(error.inner.ends4);
    claim_ends6(oracle, in.ends4, error.inner, error_out.inner, out);
  } else {
    auto expected = oracle.quoted_ends(error.inner.ends6);
    written = expected && same(*expected, error_out.inner.ends4);
    local = oracle.has_local_end(error.inner.ends6);
    claim_ends4(oracle, in.ends6, out, one.config.settings.icmp_source4);
  }
  claim(written, "both quoted ends are written by map and remote prefix");
  claim(local, "with a map, one quoted end is in it");
}

}  // namespace

void claim_error(const PacketCase& one, const Dissection& in, const Datagram& out) {
  View before = View(one.packet.bytes).subspan(in.header, in.payload());
  claim(balance(in, before) == 0, "an error with a wrong check does not pass");
  claim(balance(out.header, out.payload) == 0, "the check of an error is right");
  claim(out.longest <= (out.header.family == Family::kIpv6 ? kLongest6 : kLongest4),
        "an ICMPv6 error has at most 1280 bytes, an ICMPv4 error 576");
  auto error = open_error(in.family, before);
  auto error_out = open_error(out.header.family, out.payload);
  claim(error && error_out, "an error that passes quotes a packet with a whole header");
  claim(is_icmp_error(out.header.family, error_out->type), "an error stays an error");
  claim_ends(one, in, out.header, *error, *error_out);
  claim_quoted_header(error->inner, error_out->inner, error_out->original);
  claim_quoted_message(*error, *error_out, out.longest);
  claim_extension(one, in, *error, *error_out);
  const bool too_big = in.family == Family::kIpv4 ? error->type == 3 && error->code == 4 : error->type == 2;
  if (too_big) claim_mtu(one, in, *error, *error_out, out.header);
}

}  // namespace ipxlat::test
