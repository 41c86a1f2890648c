// SPDX-License-Identifier: GPL-2.0-only
// Ports that send as programs of this host do, a packet or a datagram at a time: raw and UDP sockets.
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "tests/datapath/own_socket.h"
#include "tests/datapath/ports.h"

namespace ipxlat::test {
namespace {

constexpr uint16_t kUdpPort = 4;

class RawPort final : public Source {
 public:
  explicit RawPort(std::string device) : device_(std::move(device)) {}

  std::string name() const override { return "raw-socket"; }

  bool inject(const Packet& packet, Random&) override {
    Ends ends(packet);
    const FileDescriptor& socket = ends.is4 ? ipv4_ : ipv6_;
    return ends.known && bind_to(socket, device_) &&
           sendto(socket.get(), packet.bytes.data(), packet.bytes.size(), 0, ends.destination(),
                  ends.destination_size()) >= 0;
  }

 private:
  std::string device_;
  // their packets carry their own network header
  FileDescriptor ipv4_ = open_socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  FileDescriptor ipv6_ = open_socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
};

// The ancillary data of a datagram.
class ControlMessages {
 public:
  template <class Value>
  void add(int level, int type, const Value& value) {
    size_t at = bytes_.size();
    bytes_.resize(at + CMSG_SPACE(sizeof value));
    cmsghdr header{CMSG_LEN(sizeof value), level, type};
    std::memcpy(bytes_.data() + at, &header, sizeof header);
    std::memcpy(bytes_.data() + at + CMSG_LEN(0), &value, sizeof value);
  }

  // Until the next add(), and as long as this lives.
  void attach(msghdr& message) {
    message.msg_control = bytes_.data();
    message.msg_controllen = bytes_.size();
  }

 private:
  std::vector<char> bytes_;
};

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
  if (ends.is4) {
    control.add(IPPROTO_IP, IP_PKTINFO, in_pktinfo{0, ends.source4, {}});
  } else {
    control.add(IPPROTO_IPV6, IPV6_PKTINFO, in6_pktinfo{ends.source6, 0});
    if (random.one_in(6)) control.add(IPPROTO_IPV6, IPV6_DSTOPTS, kPadding);
    if (random.one_in(6)) control.add(IPPROTO_IPV6, IPV6_HOPOPTS, kPadding);
  }
  if (random.one_in(3)) control.add(IPPROTO_UDP, UDP_SEGMENT, static_cast<uint16_t>(random.between(1, 1500)));
  return control;
}

class UdpPort final : public Source {
 public:
  explicit UdpPort(std::string device) : device_(std::move(device)) {}

  std::string name() const override { return "udp-socket"; }

  bool inject(const Packet& packet, Random& random) override {
    Ends ends(packet, kUdpPort);
    const FileDescriptor& socket = ends.is4 ? ipv4_ : ipv6_;
    if (!ends.known || !bind_to(socket, device_)) return false;
    if (random.one_in(8)) change_habits(socket, ends.is4, random);

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

 private:
  std::string device_;
  FileDescriptor ipv4_ = open_transparent(AF_INET, SOCK_DGRAM);
  FileDescriptor ipv6_ = open_transparent(AF_INET6, SOCK_DGRAM);
};

}  // namespace

SourcePtr open_raw_port(std::string device) { return std::make_unique<RawPort>(std::move(device)); }

SourcePtr open_udp_port(std::string device) { return std::make_unique<UdpPort>(std::move(device)); }

}  // namespace ipxlat::test
