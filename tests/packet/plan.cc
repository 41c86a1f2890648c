// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/plan.h"

#include <cstring>
#include <stdexcept>

namespace ipxlat::test {
namespace {

void require(bool condition, const char* sentence) {
  if (!condition) throw std::logic_error(sentence);
}

ipxlat_reason plan_once(const ipxlat_config& config, Family family, const ipxlat_input& input,
                        ipxlat_rewrite& out) {
  return family == Family::kIpv4 ? ipxlat_to_v6(&config, &input, &out) : ipxlat_to_v4(&config, &input, &out);
}

void check(const ipxlat_rewrite& plan, size_t length) {
  require(plan.strip + plan.keep <= length, "the plan keeps more than there is");
  require(plan.tail_at + plan.tail <= length, "the plan's tail is longer than what is there");
  require(plan.put <= sizeof plan.head, "the plan's head is longer than it can be");
  require(plan.append <= sizeof plan.added, "the plan appends more than it can");
  require(plan.patches <= IPXLAT_PATCHES_MAX, "the plan has more patches than it can hold");
  for (u8 i = 0; i < plan.patches; i++)
    require(plan.patch[i].at + 2 <= ipxlat_rewrite_rest(&plan), "the plan patches what is not there");
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
    // as the module's, which lies on the stack and is not cleared
    std::memset(&out, 0xa5, sizeof out);
    ipxlat_reason reason = plan_once(config, family, input, out);
    if (!reason) check(out, input.view.length);
    if (reason != IPXLAT_MORE) return reason;
    require(out.need > input.view.linear, "the core asks for what it has");
    require(out.need <= input.view.length, "the core asks for more than there is");
    input.view.linear = out.need;
  }
}

Translation translate(const ipxlat_config& config, const Links& links, const Packet& in, Readable readable) {
  Translation translation;
  ipxlat_input input{};
  input.view.data = in.bytes.data();
  input.view.length = static_cast<u32>(in.bytes.size());
  translation.reason = plan(config, in.family, input, readable, translation.plan);
  if (!translation.reason) translation.packets = emit(config, links, in.family, in.bytes, translation.plan);
  return translation;
}

}  // namespace ipxlat::test
