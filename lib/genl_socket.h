// SPDX-License-Identifier: GPL-2.0-only
// A generic netlink socket: requests, their answers and refusals, dumps and multicast groups.
#ifndef IPXLAT_LIB_GENL_SOCKET_H
#define IPXLAT_LIB_GENL_SOCKET_H

#include <linux/netlink.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "lib/message.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

struct GenlFamily {
  uint16_t id = 0;
  uint32_t version = 0;
  std::map<std::string, uint32_t> groups;  // multicast groups by name
};

class GenlSocket {
 public:
  // Called for every answer. An error it returns ends the request with that error.
  using Handler = std::function<Result<void>(const nlmsghdr*)>;

  static Result<GenlSocket> open();

  // ENOENT: the kernel has no such family, nor a module for it.
  Result<GenlFamily> resolve(const std::string& name);

  // Sends and reads to the end. The kernel's extack sentence is the error's text as it came, with the
  // offset of the attribute to blame; without one the text is strerror's. EINTR: a dump was disturbed
  // by a change (NLM_F_DUMP_INTR) and is to be asked for again. EMSGSIZE: the request does not fit into
  // the socket's send buffer.
  Result<void> request(Message& message, const Handler& handler = {});

  Result<void> join(uint32_t group);

  // Reads what has arrived. EAGAIN: nothing has. ENOBUFS: messages were lost.
  Result<void> receive(const Handler& handler);

  // Owned by the socket; readable when receive() has something.
  int fd() const;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };

  explicit GenlSocket(mnl_socket* socket);
  Result<void> make_room(size_t length);
  Result<void> read_answers(const Message& request, const Handler& handler);

  std::unique_ptr<mnl_socket, Close> socket_;
  uint32_t sequence_ = 0;
};

}  // namespace ipxlat

#endif
