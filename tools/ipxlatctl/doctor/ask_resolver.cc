// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

struct Resolver {
  Resolver() : ready(res_ninit(&state) == 0) {}
  ~Resolver() {
    if (ready) res_nclose(&state);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  struct __res_state state{};
  bool ready;
};

std::vector<in6_addr> addresses_in(const uint8_t* answer, int length) {
  std::vector<in6_addr> addresses;
  ns_msg message;
  if (ns_initparse(answer, length, &message) < 0) return addresses;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) < 0) break;
    if (ns_rr_type(record) != ns_t_aaaa || ns_rr_rdlen(record) != sizeof(in6_addr)) continue;
    std::memcpy(&addresses.emplace_back(), ns_rr_rdata(record), sizeof(in6_addr));
  }
  return addresses;
}

}  // namespace

// RFC 7050 section 3. A second for each of three servers at most, whatever resolv.conf(5) says.
Result<std::vector<in6_addr>> ask_resolver(const std::optional<sockaddr_in>& server) {
  Resolver resolver;
  if (!resolver.ready) return NetlinkError{EIO, "the resolver of this host cannot be set up"};
  resolver.state.retrans = 1;
  resolver.state.retry = 1;
  if (server) {
    resolver.state.nscount = 1;
    resolver.state.nsaddr_list[0] = *server;
  }
  uint8_t answer[NS_PACKETSZ * 2];
  const int length = res_nquery(&resolver.state, "ipv4only.arpa.", ns_c_in, ns_t_aaaa, answer, sizeof answer);
  if (length >= 0) return addresses_in(answer, std::min<int>(length, sizeof answer));
  // such a name or record does not exist, which is an answer
  if (resolver.state.res_h_errno == HOST_NOT_FOUND || resolver.state.res_h_errno == NO_DATA)
    return std::vector<in6_addr>();
  return NetlinkError{ETIMEDOUT, "the resolver of this host does not answer"};
}

}  // namespace ipxlat::ctl::doctor
