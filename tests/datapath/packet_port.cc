// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/packet_port.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tests/datapath/offload.h"

namespace ipxlat::test {
namespace {

FileDescriptor open_socket(bool offloading) {
  FileDescriptor fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "packet socket");
  int on = 1;
  if (offloading) require(setsockopt(fd.get(), SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on), "vnet header");
  return fd;
}

}  // namespace

PacketPort::PacketPort(std::string name, std::vector<std::string> outgoing, Bytes peer)
    : name_(std::move(name)),
      outgoing_(std::move(outgoing)),
      peer_(std::move(peer)),
      plain_(open_socket(false)),
      offloading_(open_socket(true)) {}

bool PacketPort::inject(const Packet& packet, Random& random) {
  Bytes bytes = packet.bytes;
  const uint16_t type = packet.family == Family::kIpv4 ? ETH_P_IP : ETH_P_IPV6;
  Bytes link = peer_;
  if (!link.empty()) {
    append(link, {0x02, 0, 0, 0, 0, 0x02, 0, 0});
    put16(link, 12, type);
  }
  bool offloading = random.one_in(2);
  OffloadHeader offload{};
  if (offloading) {
    offload = describe_offload(bytes, link.size(), random);
  } else {
    int past_queue = random.one_in(4);
    setsockopt(plain_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &past_queue, sizeof past_queue);
  }

  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(type);
  const FileDescriptor& socket = offloading ? offloading_ : plain_;
  to.sll_ifindex = all_.index(random.of(outgoing_));
  iovec pieces[] = {{&offload, sizeof offload}, {link.data(), link.size()}, {bytes.data(), bytes.size()}};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = offloading ? pieces : pieces + 1;
  message.msg_iovlen = offloading ? 3 : 2;
  return to.sll_ifindex && sendmsg(socket.get(), &message, 0) >= 0;
}

}  // namespace ipxlat::test
