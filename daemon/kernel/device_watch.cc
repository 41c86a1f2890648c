// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/device_watch.h"

#include <linux/genetlink.h>
#include <linux/ipxlat.h>

#include <cerrno>
#include <cstring>

#include "lib/attributes.h"
#include "lib/netlink.h"

namespace ipxlat {
namespace {

constexpr int kMostAtOnce = 1000;

// Word of the controller that the module was loaded.
bool announces_module(const nlmsghdr* message) {
  genlmsghdr header;
  if (message->nlmsg_type != GENL_ID_CTRL || message->nlmsg_len < NLMSG_LENGTH(sizeof header)) return false;
  std::memcpy(&header, NLMSG_DATA(message), sizeof header);
  if (header.cmd != CTRL_CMD_NEWFAMILY) return false;
  const auto attributes = parse_attributes(message);
  const auto* name = find_attribute(attributes, CTRL_ATTR_FAMILY_NAME);
  return name && name->as_string() == IPXLAT_GENL_NAME;
}

}  // namespace

Result<DeviceWatch> DeviceWatch::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  // families come and go; a socket loses its groups with theirs, and hears nothing of it
  const auto controller = socket->resolve("nlctrl");
  if (!controller) return controller.error();
  if (auto joined = socket->join(controller->groups.at("notify")); !joined) return joined.error();
  DeviceWatch watch(std::move(*socket));
  watch.join();
  return watch;
}

// Does nothing as long as there is no module, or another's of that name.
void DeviceWatch::join() {
  // answers and announcements do not go together on one socket
  auto asking = GenlSocket::open();
  if (!asking) return;
  const auto family = asking->resolve(IPXLAT_GENL_NAME);
  if (!family || !is_ours(*family)) return;
  // without it, what changes is found when everything is read anyway
  static_cast<void>(static_cast<bool>(socket_.join(family->groups.at(IPXLAT_MCGRP_CONFIG))));
}

bool DeviceWatch::read(Knowledge&, Time) {
  bool any = false;
  bool loaded = false;
  for (int i = 0; i < kMostAtOnce; i++) {
    const auto received = socket_.receive([&](const nlmsghdr* message) -> Result<void> {
      try {
        loaded |= announces_module(message);
      } catch (const MalformedMessage&) {
        // it is news all the same
      }
      return {};
    });
    if (!received && received.error().code == EAGAIN) break;
    any = true;
  }
  if (loaded) join();
  return any;
}

}  // namespace ipxlat
