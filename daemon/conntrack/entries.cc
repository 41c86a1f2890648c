// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/conntrack/entries.h"

#include <libnetfilter_conntrack/libnetfilter_conntrack.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ipxlat::conntrack {
namespace {

using Socket = std::unique_ptr<nfct_handle, decltype(&nfct_close)>;
using Tracked = std::unique_ptr<nf_conntrack, decltype(&nfct_destroy)>;

NetlinkError failed(const std::string& what) {
  const int code = errno;
  std::string why = std::strerror(code);
  if (code == EPERM) why = "CAP_NET_ADMIN is missing";
  // no such subsystem
  if (code == EINVAL) why = "this kernel lacks module nf_conntrack_netlink";
  return {code, "connection tracking entries cannot be " + what + ": " + why};
}

Network address_of(const nf_conntrack* entry, nf_conntrack_attr four, nf_conntrack_attr six) {
  if (nfct_get_attr_u8(entry, ATTR_ORIG_L3PROTO) == AF_INET)
    return host(in_addr{nfct_get_attr_u32(entry, four)});
  in6_addr address{};
  if (const void* bytes = nfct_get_attr(entry, six)) std::memcpy(&address, bytes, sizeof address);
  return host(address);
}

struct Search {
  const Filter& filter;
  std::vector<Tracked> found{};

  static int take(nf_conntrack_msg_type, nf_conntrack* from, void* into) {
    auto* self = static_cast<Search*>(into);
    const Entry entry{address_of(from, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC),
                      address_of(from, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST),
                      address_of(from, ATTR_REPL_IPV4_DST, ATTR_REPL_IPV6_DST),
                      nfct_get_attr_u16(from, ATTR_ZONE)};
    if (!matches(self->filter, entry)) return NFCT_CB_CONTINUE;
    self->found.emplace_back(from, nfct_destroy);
    return NFCT_CB_STOLEN;
  }
};

}  // namespace

Result<void> delete_entries(const Filter& filter) {
  const Socket socket(nfct_open(CONNTRACK, 0), nfct_close);
  if (!socket) return failed("reached");
  Search search{filter};
  if (nfct_callback_register(socket.get(), NFCT_T_ALL, Search::take, &search) < 0) return failed("read");
  const uint32_t family = AF_UNSPEC;
  if (nfct_query(socket.get(), NFCT_Q_DUMP, &family) < 0) return failed("read");
  nfct_callback_unregister(socket.get());
  for (const auto& entry : search.found)
    // it may have gone by itself
    if (nfct_query(socket.get(), NFCT_Q_DESTROY, entry.get()) < 0 && errno != ENOENT)
      return failed("deleted");
  return {};
}

}  // namespace ipxlat::conntrack
