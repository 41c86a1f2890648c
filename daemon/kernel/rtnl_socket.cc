// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/rtnl_socket.h"

#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <cerrno>
#include <new>

namespace ipxlat {
namespace {

int errno_of(int code) {
  switch (-code) {
    case NLE_EXIST:
      return EEXIST;
    case NLE_OBJ_NOTFOUND:
      return ENOENT;
    case NLE_NODEV:
      return ENODEV;
    case NLE_PERM:
      return EPERM;
    case NLE_OPNOTSUPP:
      return EOPNOTSUPP;
    case NLE_DUMP_INTR:
      return EINTR;
    case NLE_INVAL:
      return EINVAL;
    case NLE_NOMEM:
      return ENOMEM;
    default:
      return EIO;
  }
}

int call(nl_msg* message, void* take) {
  (*static_cast<const std::function<void(nl_msg*)>*>(take))(message);
  return NL_OK;
}

}  // namespace

NetlinkError libnl_error(int code, const std::string& what) {
  const std::string why = -code == NLE_PERM ? "CAP_NET_ADMIN is missing" : nl_geterror(code);
  return {errno_of(code), what + ": " + why};
}

void RtnlSocket::Free::operator()(nl_sock* socket) const { nl_socket_free(socket); }

Result<RtnlSocket> RtnlSocket::open() {
  RtnlSocket opened(nl_socket_alloc());
  if (!opened.socket_) throw std::bad_alloc();
  if (int error = nl_connect(opened.get(), NETLINK_ROUTE); error < 0)
    return libnl_error(error, "route netlink cannot be reached");
  nl_socket_set_buffer_size(opened.get(), 1 << 20, 0);
  nl_socket_set_msg_buf_size(opened.get(), 64 * 1024);
  return opened;
}

Result<void> RtnlSocket::dump(int type, const void* header, size_t length,
                              const std::function<void(nl_msg*)>& take) {
  const std::string what = "the network's state cannot be read";
  nl_socket_modify_cb(get(), NL_CB_VALID, NL_CB_CUSTOM, call,
                      const_cast<std::function<void(nl_msg*)>*>(&take));
  int error = nl_send_simple(get(), type, NLM_F_DUMP, const_cast<void*>(header), length);
  if (error >= 0) error = nl_recvmsgs_default(get());
  if (error < 0) return libnl_error(error, what);
  return {};
}

Result<void> RtnlSocket::request(nl_msg* message, const std::string& what) {
  int error = nl_send_auto(get(), message);
  nlmsg_free(message);
  if (error >= 0) error = nl_wait_for_ack(get());
  if (error < 0) return libnl_error(error, "cannot " + what);
  return {};
}

}  // namespace ipxlat
