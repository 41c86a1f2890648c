// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/advertisements.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ipxlat {
namespace {

// whoever advertises without pause shall not keep the daemon from its work
constexpr int kMostAtOnce = 1000;

}  // namespace

void Advertisements::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<Advertisements> Advertisements::open(Ask ask) {
  Socket socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK));
  const int group = RTNLGRP_ND_USEROPT;
  if (socket && mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) == 0 &&
      mnl_socket_setsockopt(socket.get(), NETLINK_ADD_MEMBERSHIP, const_cast<int*>(&group), sizeof group) ==
          0)
    return Advertisements(std::move(socket), std::move(ask));
  const int code = errno;
  return NetlinkError{code,
                      std::string("router advertisements cannot be listened to: ") + std::strerror(code)};
}

int Advertisements::fd() const { return mnl_socket_get_fd(socket_.get()); }

// What was lost comes again, since advertisements do.
void Advertisements::take_what_arrived(Time now) {
  alignas(nlmsghdr) std::array<char, 16 * 1024> buffer;
  for (int i = 0; i < kMostAtOnce; i++) {
    const ssize_t length = recv(fd(), buffer.data(), buffer.size(), 0);
    if (length < 0 && errno != EINTR && errno != ENOBUFS) return;
    int left = static_cast<int>(length);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
         left > 0 && mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
      if (const auto announcement = read_announcement(message)) take(*announcement, now);
  }
}

void Advertisements::take(const Announcement& announcement, Time now) {
  if (const auto* pref64 = std::get_if<Pref64Option>(&announcement.option))
    prefixes_.take(announcement.ifindex, announcement.router, *pref64, now);
  if (const auto* resolvers = std::get_if<ResolverOption>(&announcement.option))
    resolvers_.take(announcement.ifindex, *resolvers, now);
}

void Advertisements::want(const std::set<uint32_t>& links, Time now) {
  prefixes_.want(links, now);
  resolvers_.want(links);
}

bool Advertisements::read(Knowledge& knowledge, Time now) {
  take_what_arrived(now);
  for (const uint32_t ifindex : prefixes_.pass(now)) ask_(ifindex);
  resolvers_.pass(now);
  auto prefixes = prefixes_.all();
  auto resolvers = resolvers_.all();
  const bool news = prefixes != knowledge.advertised || resolvers != knowledge.resolvers;
  knowledge.advertised = std::move(prefixes);
  knowledge.resolvers = std::move(resolvers);
  return news;
}

std::optional<Time> Advertisements::deadline() const {
  const auto prefixes = prefixes_.next(), resolvers = resolvers_.next();
  return prefixes && resolvers ? std::min(*prefixes, *resolvers) : prefixes ? prefixes : resolvers;
}

}  // namespace ipxlat
