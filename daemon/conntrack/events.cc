// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/conntrack/events.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace ipxlat::conntrack {
namespace {

// an event has some hundred bytes
constexpr size_t kMessage = 4096;
constexpr unsigned kAtOnce = 32;
// whoever opens flows without pause shall not keep the daemon from its work
constexpr int kMostRounds = 32;

NetlinkError unheard() {
  const int code = errno;
  std::string why = std::strerror(code);
  if (code == EPERM) why = "CAP_NET_ADMIN is missing";
  return {code, "events of connection tracking cannot be heard: " + why};
}

}  // namespace

void Events::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<Events> Events::open(const std::vector<sock_filter>& filter, int room) {
  Events events(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!events.socket_ || mnl_socket_bind(events.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0) return unheard();
  events.make_room(room);
  events.buffers_.resize(kAtOnce * kMessage);
  // before the groups, or others' events come first
  if (auto done = events.set_filter(filter); !done) return done.error();
  for (int group : {NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_DESTROY})
    if (mnl_socket_setsockopt(events.socket_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0)
      return unheard();
  return events;
}

int Events::fd() const { return mnl_socket_get_fd(socket_.get()); }

Result<void> Events::set_filter(const std::vector<sock_filter>& filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  if (setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0) return unheard();
  return {};
}

// Force needs privilege in the first user namespace, the other stops at net.core.rmem_max.
void Events::make_room(int bytes) {
  room_ = bytes;
  if (setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

uint64_t Events::count_lost() {
  std::array<uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t length = sizeof memory;
  if (getsockopt(fd(), SOL_SOCKET, SO_MEMINFO, memory.data(), &length) < 0) return 0;
  return memory[SK_MEMINFO_DROPS] - std::exchange(drops_, memory[SK_MEMINFO_DROPS]);
}

uint64_t Events::read(const Take& take) {
  std::array<iovec, kAtOnce> places;
  std::array<mmsghdr, kAtOnce> messages;
  bool overrun = false;
  for (int round = 0; round < kMostRounds; round++) {
    for (unsigned i = 0; i < kAtOnce; i++) {
      places[i] = {&buffers_[i * kMessage], kMessage};
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &places[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int arrived = recvmmsg(fd(), messages.data(), kAtOnce, MSG_DONTWAIT, nullptr);
    overrun |= arrived < 0 && errno == ENOBUFS;
    if (arrived < 0 && errno != ENOBUFS && errno != EINTR) break;
    for (int i = 0; i < arrived; i++) {
      int left = static_cast<int>(messages[i].msg_len);
      const auto* message = static_cast<const nlmsghdr*>(places[i].iov_base);
      for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        const int what = message->nlmsg_type & 0xff;
        if (message->nlmsg_type >> 8 == NFNL_SUBSYS_CTNETLINK &&
            (what == IPCTNL_MSG_CT_NEW || what == IPCTNL_MSG_CT_DELETE))
          take(what == IPCTNL_MSG_CT_NEW, message);
      }
    }
  }
  if (overrun && room_ < kMostRoom) make_room(std::min(2 * room_, kMostRoom));
  return count_lost();
}

}  // namespace ipxlat::conntrack
