// SPDX-License-Identifier: GPL-2.0-only
// Links of this network namespace as they come, change and go.
#ifndef IPXLAT_LIB_LINK_MONITOR_H
#define IPXLAT_LIB_LINK_MONITOR_H

#include <linux/netlink.h>

#include <memory>
#include <optional>
#include <vector>

#include "lib/device_events.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

// Nothing if the message is not about a link as such. EBADMSG if it is cut short.
Result<std::optional<LinkEvent>> parse_link_event(const nlmsghdr* message);

class LinkMonitor {
 public:
  static Result<LinkMonitor> open();

  // Never blocks; empty when nothing has arrived. ENOBUFS: some were lost.
  Result<std::vector<LinkEvent>> read();

  // Readable when read() has something; owned by the monitor.
  int fd() const;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };

  explicit LinkMonitor(mnl_socket* socket) : socket_(socket) {}

  std::unique_ptr<mnl_socket, Close> socket_;
};

}  // namespace ipxlat

#endif
