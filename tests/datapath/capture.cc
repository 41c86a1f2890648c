// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/capture.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>

namespace ipxlat::test {

Capture::Capture(const Link& link, Direction direction)
    : socket_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "packet socket"),
      direction_(direction) {
  int ignore = direction == Direction::kReceived;
  require(setsockopt(socket_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignore, sizeof ignore),
          "PACKET_IGNORE_OUTGOING");
  int room = 4 << 20;
  require(setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room), "SO_RCVBUFFORCE");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = link.index();
  require(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
}

std::optional<Bytes> Capture::next(int milliseconds) {
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  for (;;) {
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    ssize_t size =
        recvfrom(socket_.get(), room_.data(), room_.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    if (size >= 0) {
      if ((from.sll_pkttype == PACKET_OUTGOING) == (direction_ == Direction::kSent))
        return Bytes(room_.begin(), room_.begin() + size);
      continue;
    }
    if (errno != EAGAIN) require(size, "read from the packet socket");
    if (milliseconds == 0) return {};
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {};
    pollfd wanted{socket_.get(), POLLIN, 0};
    require(poll(&wanted, 1, static_cast<int>(left.count()) + 1), "poll");
  }
}

}  // namespace ipxlat::test
