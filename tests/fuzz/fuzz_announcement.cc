// SPDX-License-Identifier: GPL-2.0-only
// Bytes as what the kernel says of a router advertisement: a netlink message, and an option alone.
#include <linux/netlink.h>

#include "daemon/discovery/announcement.h"
#include "lib/networks.h"
#include "tests/fuzz/claim.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

void claim_option(const Pref64Option& option) {
  claim(is_pref64(option.prefix), "a device takes every prefix");
  claim(masked(option.prefix) == option.prefix, "no prefix has bits behind its length");
  claim(option.lifetime.count() % 8 == 0 && option.lifetime.count() <= 65528,
        "a lifetime is 13 bits of 8 seconds");
}

void claim_option(const ResolverOption& option) {
  for (const auto& address : option.addresses)
    claim(!IN6_IS_ADDR_MULTICAST(&address) && !IN6_IS_ADDR_UNSPECIFIED(&address), "a resolver is one host");
}

// `bytes`: at least a header, and nothing readable behind it. As from a socket, the length that the header
// says is no more than there is.
void claim_message(Bytes bytes) {
  if (const auto option = read_pref64_option(bytes)) claim_option(*option);
  if (const auto option = read_resolver_option(bytes)) claim_option(*option);
  auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
  if (message->nlmsg_len > bytes.size() || message->nlmsg_len < sizeof *message)
    message->nlmsg_len = static_cast<uint32_t>(bytes.size());
  const auto announcement = read_announcement(message);
  if (!announcement) return;
  claim(announcement->ifindex > 0, "there is no interface 0");
  if (const auto* pref64 = std::get_if<Pref64Option>(&announcement->option)) claim_option(*pref64);
  if (const auto* resolvers = std::get_if<ResolverOption>(&announcement->option)) claim_option(*resolvers);
}

}  // namespace
}  // namespace ipxlat::test

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < sizeof(nlmsghdr)) return 0;
  // a socket's buffer has whole words
  ipxlat::Bytes bytes(data, data + size);
  bytes.resize(NLMSG_ALIGN(size));
  ipxlat::test::hold([&] { ipxlat::test::claim_message(bytes); }, [&] { return ipxlat::test::hex(bytes); });
  return 0;
}
