// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/translate.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "kmod/core/mtu.h"

namespace ipxlat::test {
namespace {

constexpr uint16_t kChosenId = 0x5a5a;

void require(bool condition, const char* sentence) {
  if (!condition) throw std::logic_error(sentence);
}

ipxlat_reason plan_once(const ipxlat_config& config, Family family, const ipxlat_input& input,
                        ipxlat_rewrite& out) {
  return family == Family::kIpv4 ? ipxlat_to_v6(&config, &input, &out) : ipxlat_to_v4(&config, &input, &out);
}

void limit_mtu(ipxlat_rewrite& plan, const Links& links, Family from) {
  if (!plan.mtu_at) return;
  if (from == Family::kIpv4)
    ipxlat_rewrite_limit_mtu(&plan, std::min(links.mtu6, links.mtu4 + 20), IPXLAT_IPV6_MTU_MIN);
  else
    ipxlat_rewrite_limit_mtu(&plan, std::min(links.mtu4, links.mtu6 - 20), IPXLAT_IPV4_MTU_MIN);
}

// RFC 768, RFC 8200 8.1: over the whole datagram, `at` the UDP header of an IPv6 packet
void compute_udp(Bytes& packet, size_t at) {
  size_t length = get16(packet, at + 4);
  put16(packet, at + 6, 0);
  Bytes covered(packet.begin() + 8, packet.begin() + 40);
  covered.resize(40);
  put32(covered, 32, static_cast<uint32_t>(length));
  covered[39] = IPPROTO_UDP;
  auto begin = packet.begin() + static_cast<std::ptrdiff_t>(at);
  covered.insert(covered.end(), begin, begin + static_cast<std::ptrdiff_t>(length));
  uint16_t check = checksum(covered);
  put16(packet, at + 6, check ? check : 0xffff);
}

void choose_id(Bytes& packet) {
  put16(packet, 4, kChosenId);
  put16(packet, 10, 0);
  put16(packet, 10, checksum({packet.begin(), packet.begin() + 20}));
}

Bytes carry_out(const ipxlat_rewrite& plan, const Bytes& in) {
  require(plan.strip + plan.keep <= in.size(), "the plan keeps more than there is");
  require(plan.tail_at + plan.tail <= in.size(), "the plan's tail is longer than what is there");
  require(plan.put <= sizeof plan.head, "the plan's head is longer than it can be");
  require(plan.append <= sizeof plan.added, "the plan appends more than it can");
  auto kept = in.begin() + plan.strip;
  auto tail = in.begin() + plan.tail_at;
  Bytes packet(plan.head, plan.head + plan.put);
  packet.insert(packet.end(), kept, kept + plan.keep);
  packet.insert(packet.end(), plan.pad, 0);
  packet.insert(packet.end(), tail, tail + plan.tail);
  packet.insert(packet.end(), plan.added, plan.added + plan.append);
  for (u8 i = 0; i < plan.patches; i++) {
    require(plan.patch[i].at + 2 <= ipxlat_rewrite_rest(&plan), "the plan patches what is not there");
    std::memcpy(packet.data() + plan.put + plan.patch[i].at, &plan.patch[i].value, 2);
  }
  if (plan.udp_compute) compute_udp(packet, plan.put);
  if (plan.wants_id) choose_id(packet);
  return packet;
}

// RFC 7915 4.1; `whole` is the translated packet
std::vector<Bytes> fragment(const ipxlat_rewrite& plan, const Bytes& whole, u32 mtu) {
  const u32 most = ipxlat_mtu_fragment_payload(mtu);
  std::vector<Bytes> fragments;
  const u32 total = ipxlat_rewrite_rest(&plan);
  for (u32 at = 0; at < total; at += most) {
    u32 size = std::min(most, total - at);
    bool more = plan.header.more || at + size < total;
    Bytes one(whole.begin(), whole.begin() + 40);
    one.resize(48);
    one[40] = plan.header.fragment ? whole[40] : whole[6];
    one[6] = IPPROTO_FRAGMENT;
    put16(one, 4, 8 + size);
    put16(one, 42, (plan.header.offset + at) | (more ? 1 : 0));
    put32(one, 44, plan.header.id);
    auto begin = whole.begin() + plan.put + at;
    one.insert(one.end(), begin, begin + size);
    fragments.push_back(std::move(one));
  }
  return fragments;
}

}  // namespace

ipxlat_reason plan(const ipxlat_config& config, Family family, ipxlat_input input, Readable readable,
                   ipxlat_rewrite& out) {
  const uint8_t* bytes = input.view.data;
  input.view.linear = readable == Readable::kAll ? input.view.length : 0;
  for (;;) {
    // of exactly this size, so that a sanitizer sees a byte too many being read
    Bytes window(bytes, bytes + input.view.linear);
    input.view.data = window.data();
    ipxlat_reason reason = plan_once(config, family, input, out);
    if (reason != IPXLAT_MORE) return reason;
    require(out.need > input.view.linear, "the core asks for what it has");
    require(out.need <= input.view.length, "the core asks for more than there is");
    input.view.linear = out.need;
  }
}

Outcome translate(const ipxlat_config& config, const Links& links, const Packet& in, Readable readable) {
  Outcome outcome;
  ipxlat_input input{};
  input.view.data = in.bytes.data();
  input.view.length = static_cast<u32>(in.bytes.size());
  outcome.reason = plan(config, in.family, input, readable, outcome.plan);
  if (outcome.reason) return outcome;

  ipxlat_rewrite& plan = outcome.plan;
  limit_mtu(plan, links, in.family);
  Bytes packet = carry_out(plan, in.bytes);
  u32 lowest = config.settings.lowest_ipv6_mtu;
  if (in.family == Family::kIpv4 && !plan.header.dont_fragment && packet.size() > lowest)
    outcome.packets = fragment(plan, packet, lowest);
  else
    outcome.packets.push_back(std::move(packet));
  return outcome;
}

}  // namespace ipxlat::test
