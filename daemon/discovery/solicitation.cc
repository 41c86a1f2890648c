// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/solicitation.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/udp.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "daemon/kernel/nft_socket.h"
#include "daemon/nft/change.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint16_t kTypeAndCode = ND_ROUTER_SOLICIT << 8;
constexpr int kHops = 255;
constexpr size_t kLength = sizeof(nd_router_solicit);
static_assert(kLength == sizeof(udphdr));

in6_addr all_routers() { return parse_address6("ff02::2"); }

class Datagram {
 public:
  Datagram() : fd_(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Datagram() {
    if (fd_ >= 0) close(fd_);
  }
  Datagram(const Datagram&) = delete;
  Datagram& operator=(const Datagram&) = delete;

  // False with errno.
  bool send(uint32_t ifindex) {
    const int on = 1;
    sockaddr_in6 own{}, routers{};
    own.sin6_family = routers.sin6_family = AF_INET6;
    own.sin6_port = htons(kTypeAndCode);
    routers.sin6_addr = all_routers();
    routers.sin6_scope_id = ifindex;
    routers.sin6_port = own.sin6_port;  // any, to learn the source
    socklen_t length = sizeof own;
    if (fd_ < 0 || setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        setsockopt(fd_, IPPROTO_UDP, UDP_NO_CHECK6_TX, &on, sizeof on) ||
        setsockopt(fd_, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &kHops, sizeof kHops) ||
        bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) ||
        connect(fd_, reinterpret_cast<const sockaddr*>(&routers), sizeof routers) ||
        getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &length))
      return false;
    routers.sin6_port = htons(solicitation_checksum(own.sin6_addr));
    return sendto(fd_, nullptr, 0, 0, reinterpret_cast<const sockaddr*>(&routers), sizeof routers) == 0;
  }

 private:
  int fd_;
};

}  // namespace

uint16_t solicitation_checksum(const in6_addr& source) {
  const in6_addr destination = all_routers();
  uint32_t sum = kTypeAndCode + kLength + IPPROTO_ICMPV6;
  for (const in6_addr& address : {source, destination})
    for (size_t i = 0; i < sizeof address; i += 2)
      sum += static_cast<uint32_t>(address.s6_addr[i] << 8 | address.s6_addr[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  // 0 and its complement are the same in the receiver's sum; there is no port 0
  const auto check = static_cast<uint16_t>(~sum);
  return check ? check : 0xffff;
}

// In front of connection tracking and everybody's filters: they see a solicitation.
nft::Table solicitation_table() {
  using nft::Compare;
  using nft::Payload;
  const Payload next_header{NFT_PAYLOAD_NETWORK_HEADER, 6, 1}, hops{NFT_PAYLOAD_NETWORK_HEADER, 7, 1};
  const Payload reserved{NFT_PAYLOAD_TRANSPORT_HEADER, 4, 4};
  nft::Chain out{"out", "filter", nft::Hook::kOutput, nft::kRaw};
  out.rules.push_back(nft::RuleBuilder(nft::Family::kIp6)
                          .ip6_daddr({host(all_routers())})
                          .statement(hops)
                          .statement(Compare{nft::Comparison::kEqual, {kHops}})
                          .l4proto(IPPROTO_UDP)
                          .source_port(kTypeAndCode)
                          .statement(nft::SetPayload{reserved, {0, 0, 0, 0}})
                          .statement(nft::SetPayload{next_header, {IPPROTO_ICMPV6}})
                          .comment("a datagram becomes a router solicitation"));
  nft::Table table{nft::Family::kIp6, "ipxlat-solicitation", ""};
  table.chains = {std::move(out)};
  table.fleeting = true;
  return table;
}

Result<void> solicit(uint32_t ifindex) {
  auto nftables = nft::Socket::open();
  if (!nftables) return nftables.error();
  if (auto made = nftables->commit(nft::change({solicitation_table()}, {}), 0); !made) return made;
  if (Datagram().send(ifindex)) return {};
  const int code = errno;
  return NetlinkError{code, std::string("routers cannot be asked to advertise: ") + std::strerror(code)};
}

}  // namespace ipxlat
