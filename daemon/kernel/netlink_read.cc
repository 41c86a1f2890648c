// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/route/link.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "daemon/kernel/netlink_kernel.h"
#include "daemon/kernel/nft_tables.h"
#include "daemon/kernel/rtnl_socket.h"
#include "daemon/kernel/sysctl.h"
#include "lib/netlink.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

constexpr int kAttempts = 5;
constexpr std::chrono::minutes kRemember{3};

// The address in a netlink attribute or libnl object as a network of either family.
std::optional<Network> make_network(int family, const void* bytes, size_t size, unsigned length) {
  if (family == AF_INET && size == sizeof(in_addr)) {
    Prefix4 prefix{{}, static_cast<uint8_t>(length)};
    std::memcpy(&prefix.address, bytes, size);
    return prefix;
  }
  if (family == AF_INET6 && size == sizeof(in6_addr)) {
    Prefix6 prefix{{}, static_cast<uint8_t>(length)};
    std::memcpy(&prefix.address, bytes, size);
    return prefix;
  }
  return std::nullopt;
}

// One reading. The parts after the links name links by what was read of them.
class Reader {
 public:
  Reader(RtnlSocket& socket, Seen& seen) : socket_(socket), seen_(seen) {}

  Result<void> read() {
    for (auto part : {&Reader::links, &Reader::addresses, &Reader::proxies})
      if (auto done = (this->*part)(); !done) return done;
    return {};
  }

 private:
  std::string name_of(uint32_t ifindex) const {
    const auto found = names_.find(ifindex);
    return found == names_.end() ? std::string() : found->second;
  }

  // Parsed into an object of libnl, which the function only borrows.
  template <class Object>
  Result<void> objects(int type, void (Reader::*take)(Object*)) {
    struct Call {
      Reader* reader;
      void (Reader::*take)(Object*);
    } call{this, take};
    rtgenmsg header{};
    return socket_.dump(type, &header, sizeof header, [&call](nl_msg* message) {
      nl_msg_parse(
          message,
          [](nl_object* object, void* to) {
            auto* target = static_cast<Call*>(to);
            (target->reader->*target->take)(reinterpret_cast<Object*>(object));
          },
          &call);
    });
  }

  Result<void> links() { return objects<rtnl_link>(RTM_GETLINK, &Reader::take_link); }

  void take_link(rtnl_link* link) {
    const auto text = [](const char* from) { return std::string(from ? from : ""); };
    SeenLink seen;
    seen.ifindex = static_cast<uint32_t>(rtnl_link_get_ifindex(link));
    seen.name = text(rtnl_link_get_name(link));
    seen.kind = text(rtnl_link_get_type(link));
    seen.alias = text(rtnl_link_get_ifalias(link));
    seen.up = rtnl_link_get_flags(link) & IFF_UP;
    seen.carrier = rtnl_link_get_flags(link) & IFF_RUNNING;
    seen.mtu = rtnl_link_get_mtu(link);
    names_[seen.ifindex] = seen.name;
    seen_.links.push_back(std::move(seen));
  }

  // Not by libnl's objects, which drop the protocol.
  Result<void> addresses() {
    ifaddrmsg header{};
    return socket_.dump(RTM_GETADDR, &header, sizeof header,
                        [this](nl_msg* message) { take_address(message); });
  }

  void take_address(nl_msg* message) {
    nlattr* attributes[IFA_MAX + 1];
    if (nlmsg_parse(nlmsg_hdr(message), sizeof(ifaddrmsg), attributes, IFA_MAX, nullptr) < 0) return;
    const auto* header = static_cast<const ifaddrmsg*>(nlmsg_data(nlmsg_hdr(message)));
    const nlattr* own = attributes[IFA_LOCAL] ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
    if (!own) return;
    const auto network = make_network(header->ifa_family, nla_data(own), static_cast<size_t>(nla_len(own)),
                                      header->ifa_prefixlen);
    if (!network) return;
    const uint32_t flags = attributes[IFA_FLAGS] ? nla_get_u32(attributes[IFA_FLAGS]) : header->ifa_flags;
    const uint8_t protocol =
        attributes[IFA_PROTO] ? nla_get_u8(attributes[IFA_PROTO]) : uint8_t{IFAPROT_UNSPEC};
    SeenAddress seen;
    seen.link = name_of(header->ifa_index);
    seen.network = *network;
    seen.ours = protocol == kProtocol;
    seen.tentative = flags & IFA_F_TENTATIVE;
    seen.duplicate = flags & IFA_F_DADFAILED;
    seen.temporary = is_ipv6(*network) && flags & IFA_F_TEMPORARY;
    seen.deprecated = flags & IFA_F_DEPRECATED;
    // by the kernel, or by a network manager that gives its addresses the lifetimes of the advertisement
    seen.autoconf = protocol == IFAPROT_KERNEL_RA || !(flags & IFA_F_PERMANENT);
    seen.link_local = header->ifa_scope == RT_SCOPE_LINK;
    if (const auto* four = std::get_if<Prefix4>(&*network))
      seen.link_local |= contains(parse_prefix4("169.254.0.0/16"), four->address);
    seen_.addresses.push_back(std::move(seen));
  }

  Result<void> proxies() {
    ndmsg header{};
    header.ndm_family = AF_INET;
    header.ndm_flags = NTF_PROXY;
    return socket_.dump(RTM_GETNEIGH, &header, sizeof header,
                        [this](nl_msg* message) { take_proxy(message); });
  }

  void take_proxy(nl_msg* message) {
    nlattr* attributes[NDA_MAX + 1];
    if (nlmsg_parse(nlmsg_hdr(message), sizeof(ndmsg), attributes, NDA_MAX, nullptr) < 0) return;
    const auto* header = static_cast<const ndmsg*>(nlmsg_data(nlmsg_hdr(message)));
    const nlattr* dst = attributes[NDA_DST];
    if (!dst || header->ndm_family != AF_INET || nla_len(dst) != sizeof(in_addr)) return;
    SeenProxy seen;
    seen.link = name_of(static_cast<uint32_t>(header->ndm_ifindex));
    std::memcpy(&seen.address, nla_data(dst), sizeof seen.address);
    seen.ours = attributes[NDA_PROTOCOL] && nla_get_u8(attributes[NDA_PROTOCOL]) == kProtocol;
    seen_.proxies.push_back(std::move(seen));
  }

  RtnlSocket& socket_;
  Seen& seen_;
  std::unordered_map<uint32_t, std::string> names_;
};

void read_sysctls(Seen& seen, std::vector<std::string> paths) {
  paths.insert(paths.end(),
               {"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding",
                "net/ipv6/conf/default/force_forwarding", "net/netfilter/nf_conntrack_icmp_timeout",
                "net/netfilter/nf_conntrack_icmpv6_timeout", "net/netfilter/nf_conntrack_udp_timeout_stream",
                "net/netfilter/nf_conntrack_events", "net/netfilter/nf_conntrack_tcp_timeout_established",
                "net/netfilter/nf_conntrack_tcp_timeout_close", kBootId});
  constexpr const char* kOfAllNamespaces[] = {"net/netfilter/nf_conntrack_max",
                                              "net/netfilter/nf_conntrack_buckets"};
  paths.insert(paths.end(), std::begin(kOfAllNamespaces), std::end(kOfAllNamespaces));
  for (const auto& link : seen.links) {
    paths.push_back("net/ipv4/conf/" + link.name + "/forwarding");
    for (const char* name : {"accept_ra", "forwarding", "force_forwarding", "mtu"})
      paths.push_back("net/ipv6/conf/" + link.name + "/" + name);
  }
  for (const auto& path : paths)
    if (auto value = read_sysctl(path)) seen.sysctls[path] = *value;
  for (const char* path : kOfAllNamespaces)
    if (access((std::string("/proc/sys/") + path).c_str(), W_OK) < 0) seen.fixed.insert(path);
  seen.memory = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Result<Seen> NetlinkKernel::read_once() {
  Seen seen;
  auto socket = RtnlSocket::open();
  if (!socket) return socket.error();
  if (auto done = Reader(*socket, seen).read(); !done) return done.error();
  auto routes = routes_.read(*socket, seen, interests_);
  if (!routes) return routes.error();
  seen.routes = std::move(*routes);
  if (auto done = devices_.read(seen); !done) return done.error();
  auto tables = nft::read_tables();
  if (!tables) return tables.error();
  seen.tables = std::move(*tables);
  return seen;
}

void NetlinkKernel::forget_now_and_then() {
  const auto now = std::chrono::steady_clock::now();
  if (now - remembered_since_ < kRemember) return;
  routes_.forget();
  devices_.forget();
  remembered_since_ = now;
}

Result<Seen> NetlinkKernel::read(const std::vector<std::string>& sysctls) {
  forget_now_and_then();
  for (int attempt = 1;; attempt++) {
    auto seen = read_once();
    if (!seen && seen.error().code == EINTR && attempt < kAttempts) continue;
    if (seen) read_sysctls(*seen, sysctls);
    return seen;
  }
}

}  // namespace ipxlat
