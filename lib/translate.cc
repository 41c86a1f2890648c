// SPDX-License-Identifier: GPL-2.0-only
#include "lib/translate.h"

#include <algorithm>
#include <cstring>

#include "kmod/core/csum.h"
#include "kmod/core/mtu.h"

namespace ipxlat {
namespace {

void put_check(Bytes& packet, size_t at, uint64_t sum, bool zero_means_none) {
  __be16 check = ipxlat_check(sum);
  if (zero_means_none && !check) check = 0xffff;
  std::memcpy(&packet.at(at), &check, sizeof check);
}

// RFC 768, RFC 8200 8.1: over the whole datagram, `at` the UDP header of an IPv6 packet
void compute_udp(Bytes& packet, size_t at) {
  uint16_t length = get16(packet, at + 4);
  put16(packet, at + 6, 0);
  // source and destination stand next to each other
  uint64_t sum = ipxlat_sum_bytes(&packet.at(8), 2 * sizeof(in6_addr)) + ipxlat_sum16(htobe16(length)) +
                 ipxlat_sum16(htobe16(IPPROTO_UDP)) + ipxlat_sum_bytes(&packet.at(at), length);
  put_check(packet, at + 6, sum, true);
}

void choose_id(Bytes& packet) {
  put16(packet, 4, 0);
  put16(packet, 10, 0);
  put_check(packet, 10, ipxlat_sum_bytes(packet.data(), IPXLAT_HEADER4), false);
}

// RFC 7915 4.1; `whole` is the translated packet
std::vector<Bytes> fragment(const ipxlat_rewrite& plan, const Bytes& whole, uint32_t mtu) {
  const uint32_t total = ipxlat_rewrite_rest(&plan);
  const uint32_t most = ipxlat_mtu_fragment_payload(mtu, total, plan.header.fragment);
  std::vector<Bytes> fragments;
  for (uint32_t at = 0; at < total; at += most) {
    uint32_t size = std::min(most, total - at);
    bool more = plan.header.more || at + size < total;
    Bytes one(whole.begin(), whole.begin() + IPXLAT_HEADER6);
    one.resize(IPXLAT_HEADER6 + IPXLAT_FRAGMENT_HEADER);
    one[IPXLAT_HEADER6] = plan.header.fragment ? whole[IPXLAT_HEADER6] : whole[6];
    one[6] = IPPROTO_FRAGMENT;
    put16(one, 4, IPXLAT_FRAGMENT_HEADER + size);
    put16(one, IPXLAT_HEADER6 + 2, (plan.header.offset + at) | (more ? 1 : 0));
    put32(one, IPXLAT_HEADER6 + 4, plan.header.id);
    auto begin = whole.begin() + plan.put + at;
    one.insert(one.end(), begin, begin + size);
    fragments.push_back(std::move(one));
  }
  return fragments;
}

}  // namespace

Bytes carry_out(const ipxlat_rewrite& plan, const Bytes& in) {
  auto kept = in.begin() + plan.strip;
  auto tail = in.begin() + plan.tail_at;
  Bytes packet(plan.head, plan.head + plan.put);
  packet.insert(packet.end(), kept, kept + plan.keep);
  packet.insert(packet.end(), plan.pad, 0);
  packet.insert(packet.end(), tail, tail + plan.tail);
  packet.insert(packet.end(), plan.added, plan.added + plan.append);
  for (u8 i = 0; i < plan.patches; i++)
    std::memcpy(&packet.at(plan.put + plan.patch[i].at), &plan.patch[i].value, sizeof plan.patch[i].value);
  if (plan.udp_compute) compute_udp(packet, plan.put);
  if (plan.wants_id) choose_id(packet);
  return packet;
}

std::vector<Bytes> emit(const ipxlat_config& config, const Links& links, Family family, const Bytes& in,
                        ipxlat_rewrite& plan) {
  if (plan.mtu_at) ipxlat_rewrite_limit_mtu(&plan, links.mtu4, links.mtu6);
  Bytes packet = carry_out(plan, in);
  uint32_t lowest = config.settings.lowest_ipv6_mtu;
  if (family == Family::kIpv4 && !plan.header.dont_fragment && packet.size() > lowest)
    return fragment(plan, packet, lowest);
  return {packet};
}

Translation translate(const ipxlat_config& config, const Links& links, Family family, const Bytes& in) {
  Translation translation;
  auto length = static_cast<u32>(in.size());
  ipxlat_input input{};
  input.view = {in.data(), length, length, false};
  if (!ipxlat_config_usable(&config))
    translation.reason = IPXLAT_REASON_NOT_CONFIGURED;
  else if (family == Family::kIpv4)
    translation.reason = ipxlat_to_v6(&config, &input, &translation.plan);
  else
    translation.reason = ipxlat_to_v4(&config, &input, &translation.plan);
  if (!translation.reason) translation.packets = emit(config, links, family, in, translation.plan);
  return translation;
}

}  // namespace ipxlat
