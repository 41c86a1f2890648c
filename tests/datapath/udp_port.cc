// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/udp_port.h"

#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>

#include "tests/datapath/control_messages.h"
#include "tests/datapath/output_socket.h"

namespace ipxlat::test {
namespace {

constexpr uint16_t kPort = 4;

FileDescriptor open_socket(int family) {
  FileDescriptor fd(socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "UDP socket");
  make_transparent(fd, family);
  return fd;
}

void set(const FileDescriptor& socket, int level, int option, int value) {
  setsockopt(socket.get(), level, option, &value, sizeof value);
}

// What holds for all datagrams from now on. Some values are refused, which changes nothing.
void change_habits(const FileDescriptor& socket, bool is4, Random& random) {
  static constexpr int kDiscovery[] = {IP_PMTUDISC_DONT,  IP_PMTUDISC_WANT,      IP_PMTUDISC_DO,
                                       IP_PMTUDISC_PROBE, IP_PMTUDISC_INTERFACE, IP_PMTUDISC_OMIT};
  set(socket, SOL_SOCKET, SO_NO_CHECK, random.one_in(3));
  if (is4) {
    set(socket, IPPROTO_IP, IP_MTU_DISCOVER, random.of(kDiscovery));
    set(socket, IPPROTO_IP, IP_TOS, random.byte());
    uint8_t options[40];
    for (uint8_t& byte : options) byte = random.one_in(3) ? random.byte() : 1;
    setsockopt(socket.get(), IPPROTO_IP, IP_OPTIONS, options, random.one_in(2) ? random.below(11) * 4 : 0);
  } else {
    set(socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, random.of(kDiscovery));
    set(socket, IPPROTO_IPV6, IPV6_TCLASS, random.byte());
    set(socket, IPPROTO_UDP, UDP_NO_CHECK6_TX, random.one_in(3));
  }
}

// A source, sometimes a size of segments, extension headers.
ControlMessages control_of(const Ends& ends, Random& random) {
  static constexpr std::array<uint8_t, 8> kPadding{0, 0, 1, 4};
  ControlMessages control;
  if (ends.is4()) {
    control.add(IPPROTO_IP, IP_PKTINFO, in_pktinfo{0, ends.source4(), {}});
  } else {
    control.add(IPPROTO_IPV6, IPV6_PKTINFO, in6_pktinfo{ends.source6(), 0});
    if (random.one_in(6)) control.add(IPPROTO_IPV6, IPV6_DSTOPTS, kPadding);
    if (random.one_in(6)) control.add(IPPROTO_IPV6, IPV6_HOPOPTS, kPadding);
  }
  if (random.one_in(3)) control.add(IPPROTO_UDP, UDP_SEGMENT, static_cast<uint16_t>(random.between(1, 1500)));
  return control;
}

}  // namespace

UdpPort::UdpPort(std::string device)
    : device_(std::move(device)), ipv4_(open_socket(AF_INET)), ipv6_(open_socket(AF_INET6)) {}

bool UdpPort::inject(const Packet& packet, Random& random) {
  Ends ends(packet, kPort);
  const FileDescriptor& socket = ends.is4() ? ipv4_ : ipv6_;
  if (!ends.known() || !bind_to(socket, device_)) return false;
  if (random.one_in(8)) change_habits(socket, ends.is4(), random);

  ControlMessages control = control_of(ends, random);
  msghdr message{};
  message.msg_name = ends.destination();
  message.msg_namelen = ends.destination_size();
  control.attach(message);

  bool sent = true;
  for (uint32_t parts = random.one_in(4) ? random.between(2, 6) : 1; parts > 0 && sent; parts--) {
    size_t size = random.one_in(8) ? random.below(65000) : random.below(3000);
    Bytes data(size / parts, random.byte());
    iovec piece{data.data(), data.size()};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    sent = sendmsg(socket.get(), &message, parts > 1 ? MSG_MORE : 0) >= 0;
  }
  return sent;
}

}  // namespace ipxlat::test
