// SPDX-License-Identifier: GPL-2.0-only
#include "lib/link_monitor.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "lib/attributes.h"

namespace ipxlat {
namespace {

constexpr size_t kReceiveBuffer = 65536;

NetlinkError system_error(const char* doing) {
  return {errno, std::string(doing) + ": " + std::strerror(errno)};
}

bool is_ipxlat(const std::vector<Attribute>& attributes) {
  const Attribute* info = find_attribute(attributes, IFLA_LINKINFO);
  if (!info) return false;
  auto fields = info->nested();
  const Attribute* kind = find_attribute(fields, IFLA_INFO_KIND);
  return kind && kind->as_string() == "ipxlat";
}

}  // namespace

Result<std::optional<LinkEvent>> parse_link_event(const nlmsghdr* message) {
  bool gone = message->nlmsg_type == RTM_DELLINK;
  ifinfomsg header;
  constexpr size_t kHead = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof header);
  if (!gone && message->nlmsg_type != RTM_NEWLINK) return std::optional<LinkEvent>();
  if (message->nlmsg_len < kHead) return NetlinkError{EBADMSG, "an announcement of a link is cut short"};
  const auto* bytes = reinterpret_cast<const uint8_t*>(message);
  std::memcpy(&header, bytes + NLMSG_HDRLEN, sizeof header);
  // a bridge announces its ports by the same messages
  if (header.ifi_family != AF_UNSPEC) return std::optional<LinkEvent>();
  try {
    auto attributes = parse_attributes(std::span(bytes + kHead, message->nlmsg_len - kHead));
    auto name = required(attributes, IFLA_IFNAME, "a link's name").as_string();
    return std::optional(
        LinkEvent{static_cast<uint32_t>(header.ifi_index), name, is_ipxlat(attributes), gone});
  } catch (const MalformedMessage& error) {
    return NetlinkError{EBADMSG, error.what()};
  }
}

void LinkMonitor::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<LinkMonitor> LinkMonitor::open() {
  LinkMonitor opened(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC));
  if (!opened.socket_ || mnl_socket_bind(opened.socket_.get(), RTMGRP_LINK, MNL_SOCKET_AUTOPID) < 0)
    return system_error("links cannot be watched");
  return opened;
}

Result<std::vector<LinkEvent>> LinkMonitor::read() {
  std::vector<LinkEvent> events;
  std::vector<uint8_t> buffer(kReceiveBuffer);
  for (;;) {
    ssize_t length = recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN) return events;
    if (length < 0) return system_error("links cannot be watched");
    int left = static_cast<int>(length);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
      auto event = parse_link_event(message);
      if (!event) return event.error();
      if (*event) events.push_back(**event);
    }
  }
}

int LinkMonitor::fd() const { return mnl_socket_get_fd(socket_.get()); }

}  // namespace ipxlat
