// SPDX-License-Identifier: GPL-2.0-only
// A route netlink socket of libnl with errors as sentences.
#ifndef IPXLAT_DAEMON_KERNEL_RTNL_SOCKET_H
#define IPXLAT_DAEMON_KERNEL_RTNL_SOCKET_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/result.h"

struct nl_msg;
struct nl_sock;

namespace ipxlat {

// `code` is libnl's, negative. Without CAP_NET_ADMIN the sentence says so.
NetlinkError libnl_error(int code, const std::string& what);

class RtnlSocket {
 public:
  static Result<RtnlSocket> open();

  nl_sock* get() const { return socket_.get(); }

  // Calls `take` for every message of a dump. EINTR: it was disturbed by a change; use a new socket.
  Result<void> dump(int type, const void* header, size_t length, const std::function<void(nl_msg*)>& take);

  // Sends a built request and waits for its acknowledgement. Takes ownership of `message`.
  Result<void> request(nl_msg* message, const std::string& what);

 private:
  struct Free {
    void operator()(nl_sock* socket) const;
  };

  explicit RtnlSocket(nl_sock* socket) : socket_(socket) {}

  std::unique_ptr<nl_sock, Free> socket_;
};

}  // namespace ipxlat

#endif
