// SPDX-License-Identifier: GPL-2.0-only
#include "lib/connection_table.h"

#include <arpa/inet.h>  // in front of what <linux/netfilter/nfnetlink.h> includes
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

namespace ipxlat {
namespace {

struct CloseSocket {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};

NetlinkError unreadable() {
  const int code = errno;
  std::string why = std::strerror(code);
  if (code == EPERM) why = "CAP_NET_ADMIN is missing";
  // no such subsystem
  if (code == EINVAL) why = "this kernel lacks module nf_conntrack_netlink";
  return {code, "statistics of connection tracking cannot be read: " + why};
}

int take_attribute(const nlattr* attribute, void* into) {
  auto* losses = static_cast<ConnectionLosses*>(into);
  const auto count = [&] { return ntohl(mnl_attr_get_u32(attribute)); };
  switch (mnl_attr_get_type(attribute)) {
    case CTA_STATS_DROP:
      losses->drop += count();
      break;
    case CTA_STATS_EARLY_DROP:
      losses->early_drop += count();
      break;
    case CTA_STATS_INSERT_FAILED:
      losses->insert_failed += count();
      break;
  }
  return MNL_CB_OK;
}

// A message is a CPU.
int take_cpu(const nlmsghdr* message, void* into) {
  return mnl_attr_parse(message, sizeof(nfgenmsg), take_attribute, into);
}

}  // namespace

std::optional<ConnectionTable> read_connection_table(const std::string& directory) {
  ConnectionTable table;
  std::ifstream count(directory + "/nf_conntrack_count"), max(directory + "/nf_conntrack_max");
  if (!(count >> table.entries) || !(max >> table.limit)) return std::nullopt;
  return table;
}

Result<ConnectionLosses> read_connection_losses() {
  const std::unique_ptr<mnl_socket, CloseSocket> socket(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return unreadable();
  alignas(nlmsghdr) char buffer[32 * 1024];
  constexpr unsigned kSequence = 1;
  nlmsghdr* request = mnl_nlmsg_put_header(buffer);
  request->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS_CPU;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->nlmsg_seq = kSequence;
  auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(request, sizeof(nfgenmsg)));
  header->nfgen_family = AF_UNSPEC;
  header->version = NFNETLINK_V0;
  if (mnl_socket_sendto(socket.get(), request, request->nlmsg_len) < 0) return unreadable();
  ConnectionLosses losses;
  for (int state = MNL_CB_OK; state > MNL_CB_STOP;) {
    const ssize_t length = mnl_socket_recvfrom(socket.get(), buffer, sizeof buffer);
    if (length < 0) return unreadable();
    state = mnl_cb_run(buffer, static_cast<size_t>(length), kSequence, mnl_socket_get_portid(socket.get()),
                       take_cpu, &losses);
    if (state < 0) return unreadable();
  }
  return losses;
}

}  // namespace ipxlat
