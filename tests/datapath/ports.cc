// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/ports.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>

#include "tests/datapath/link.h"
#include "tests/datapath/offload.h"

namespace ipxlat::test {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kPiecesMax = 17;  // of an skb: MAX_SKB_FRAGS

constexpr uint16_t kUdpPort = 4;
constexpr uint16_t kTcpPort = 7;
constexpr size_t kConnectionsMax = 8;
constexpr size_t kChunkMax = 30000;

iovec piece(Bytes& bytes) { return {bytes.data(), bytes.size()}; }

iovec piece(OffloadHeader& header) { return {&header, sizeof header}; }

int flags_of(TunKind kind) {
  switch (kind) {
    case TunKind::kTun:
      return IFF_TUN | IFF_VNET_HDR;
    case TunKind::kTap:
      return IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    case TunKind::kPiecewise:
      break;
  }
  return IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_NAPI | IFF_NAPI_FRAGS;
}

class TunPort final : public Source {
 public:
  TunPort(TunKind kind, const std::string& name)
      : kind_(kind), fd_(open_tun(name, flags_of(kind))), link_(name) {}

  std::string name() const override { return link_.name(); }

  bool inject(const Packet& packet, Random& random) override {
    Bytes bytes = packet.bytes;
    Bytes link = link_header(packet.family, random);
    bool is_tun = kind_ == TunKind::kTun;
    OffloadHeader offload = describe_offload(bytes, is_tun ? 0 : link.size(), random);
    std::vector<iovec> pieces{piece(offload)};
    pieces.insert(is_tun ? pieces.begin() : pieces.end(), piece(link));
    if (kind_ == TunKind::kPiecewise && random.one_in(3)) {  // linear as far as one piece may be
      append(link, bytes);
      bytes.clear();
      pieces.back() = piece(link);
    }
    for (const iovec& one : pieces_of(bytes, random)) pieces.push_back(one);
    return writev(fd_.get(), pieces.data(), static_cast<int>(pieces.size())) >= 0;
  }

 private:
  Bytes link_header(Family family, Random& random) const {
    if (kind_ == TunKind::kTun) {  // struct tun_pi
      Bytes header(4);
      put16(header, 2, ether_type(family));
      return header;
    }
    Bytes header = ethernet_header(link_.address(), family);
    if (random.one_in(50)) {
      put16(header, 12, ETH_P_8021Q);
      append(header, {0, 5, 0, 0});
      put16(header, 16, ether_type(family));
    }
    return header;
  }

  TunKind kind_;
  FileDescriptor fd_;
  Link link_;
};

class PacketPort final : public Source {
 public:
  PacketPort(std::string name, std::vector<std::string> outgoing, Bytes peer)
      : name_(std::move(name)),
        outgoing_(std::move(outgoing)),
        peer_(std::move(peer)),
        plain_(open_socket()),
        offloading_(open_socket()) {
    int on = 1;
    require(setsockopt(offloading_.get(), SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on), "vnet header");
  }

  std::string name() const override { return name_; }

  bool inject(const Packet& packet, Random& random) override {
    Bytes bytes = packet.bytes;
    Bytes link = peer_.empty() ? Bytes{} : ethernet_header(peer_, packet.family);
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
    to.sll_protocol = htons(ether_type(packet.family));
    to.sll_ifindex = all_.index(random.of(outgoing_));
    iovec pieces[] = {piece(offload), piece(link), piece(bytes)};
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
    message.msg_iov = offloading ? pieces : pieces + 1;
    message.msg_iovlen = offloading ? 3 : 2;
    const FileDescriptor& socket = offloading ? offloading_ : plain_;
    return to.sll_ifindex && sendmsg(socket.get(), &message, 0) >= 0;
  }

 private:
  static FileDescriptor open_socket() {
    return {socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "packet socket"};
  }

  std::string name_;
  std::vector<std::string> outgoing_;
  Bytes peer_;
  Interfaces all_;
  FileDescriptor plain_;
  FileDescriptor offloading_;  // takes an OffloadHeader
};

// The ends of a packet as socket addresses; unspecified if it is too short to have any.
struct Ends {
  // `port` in host byte order.
  explicit Ends(const Packet& packet, uint16_t port = 0)
      : is4(packet.family == Family::kIpv4), known(packet.bytes.size() >= (is4 ? 20u : 40u)) {
    to4.sin_family = AF_INET;
    to6.sin6_family = AF_INET6;
    to4.sin_port = to6.sin6_port = htons(port);
    if (!known) return;
    const uint8_t* bytes = packet.bytes.data();
    if (is4) {
      std::memcpy(&source4, bytes + 12, sizeof source4);
      std::memcpy(&to4.sin_addr, bytes + 16, sizeof to4.sin_addr);
    } else {
      std::memcpy(&source6, bytes + 8, sizeof source6);
      std::memcpy(&to6.sin6_addr, bytes + 24, sizeof to6.sin6_addr);
    }
  }

  sockaddr* destination() {
    return is4 ? reinterpret_cast<sockaddr*>(&to4) : reinterpret_cast<sockaddr*>(&to6);
  }
  socklen_t destination_size() const { return is4 ? sizeof to4 : sizeof to6; }

  bool is4;
  bool known;
  in_addr source4{};
  in6_addr source6{};
  sockaddr_in to4{};
  sockaddr_in6 to6{};
};

// A socket of this host's own packets.
FileDescriptor open_socket(int family, int type, int protocol = 0) {
  return {socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), "socket"};
}

// One that may use addresses that are not this host's.
FileDescriptor open_transparent(int family, int type) {
  FileDescriptor fd = open_socket(family, type);
  int on = 1;
  bool is4 = family == AF_INET;
  require(setsockopt(fd.get(), is4 ? IPPROTO_IP : IPPROTO_IPV6, is4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &on,
                     sizeof on),
          "transparent socket");
  return fd;
}

// The socket sends out of the interface that has this name now. False if there is none.
bool bind_to(const FileDescriptor& socket, const std::string& interface) {
  return setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                    static_cast<socklen_t>(interface.size())) == 0;
}

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

FileDescriptor open_listener(const Namespace& far, int family) {
  return far.inside([family] {
    FileDescriptor fd = open_transparent(family, SOCK_STREAM);
    int on = 1;
    if (family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    sockaddr_in6 any{};  // of both families: a port, and zeros
    any.sin6_family = static_cast<sa_family_t>(family);
    any.sin6_port = htons(kTcpPort);
    require(bind(fd.get(), reinterpret_cast<sockaddr*>(&any),
                 family == AF_INET ? sizeof(sockaddr_in) : sizeof any),
            "bind");
    require(listen(fd.get(), kConnectionsMax), "listen");
    return fd;
  });
}

// Chunks of a size that TCP makes trains of; false if the connection is over.
bool send_some(const FileDescriptor& socket, Random& random) {
  static const std::vector<char> kData(kChunkMax, 'x');
  size_t size = random.one_in(2) ? random.between(1, 2000) : random.between(1, kChunkMax);
  return send(socket.get(), kData.data(), size, MSG_NOSIGNAL) >= 0 || errno == EAGAIN;
}

// Throws away what has come; false if the connection is over.
bool read_all(const FileDescriptor& socket) {
  for (;;) {
    ssize_t size = recv(socket.get(), nullptr, kChunkMax, MSG_TRUNC);
    if (size <= 0) return size < 0 && errno == EAGAIN;
  }
}

// Goes on with one of them, and ends it if it is over or has lived long enough.
void go_on(std::deque<FileDescriptor>& sockets, Random& random) {
  if (sockets.empty()) return;
  FileDescriptor socket = std::move(sockets.front());
  sockets.pop_front();
  if (read_all(socket) && (random.one_in(3) || send_some(socket, random)) && !random.one_in(200))
    sockets.push_back(std::move(socket));
}

class TcpPort final : public Source {
 public:
  TcpPort(const Namespace& near, const Namespace& far, std::string device, in_addr near4, in6_addr near6)
      : near_(near),
        device_(std::move(device)),
        near4_(near4),
        near6_(near6),
        listener4_(open_listener(far, AF_INET)),
        listener6_(open_listener(far, AF_INET6)) {}

  std::string name() const override { return "tcp-socket"; }

  bool inject(const Packet& packet, Random& random) override {
    serve(random);
    go_on(clients_, random);
    if (clients_.size() == kConnectionsMax && random.one_in(8)) clients_.pop_front();
    return clients_.size() == kConnectionsMax || connect_to(packet);
  }

 private:
  bool connect_to(const Packet& packet) {
    Ends ends(packet, kTcpPort);
    if (!ends.known) return false;
    return near_.inside([&] {
      FileDescriptor socket = open_socket(ends.is4 ? AF_INET : AF_INET6, SOCK_STREAM);
      sockaddr_in from4{};
      sockaddr_in6 from6{};
      from4.sin_family = AF_INET;
      from4.sin_addr = near4_;
      from6.sin6_family = AF_INET6;
      from6.sin6_addr = near6_;
      const auto* from = ends.is4 ? reinterpret_cast<sockaddr*>(&from4) : reinterpret_cast<sockaddr*>(&from6);
      if (!bind_to(socket, device_) || bind(socket.get(), from, ends.is4 ? sizeof from4 : sizeof from6) < 0)
        return false;
      if (connect(socket.get(), ends.destination(), ends.destination_size()) < 0 && errno != EINPROGRESS)
        return false;
      clients_.push_back(std::move(socket));
      return true;
    });
  }

  void serve(Random& random) {
    for (const FileDescriptor* listener : {&listener4_, &listener6_}) {
      int accepted = accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (accepted < 0) continue;
      servers_.emplace_back(accepted, "accept");
      if (servers_.size() > kConnectionsMax) servers_.pop_front();
    }
    go_on(servers_, random);
  }

  const Namespace& near_;
  std::string device_;
  in_addr near4_;
  in6_addr near6_;
  FileDescriptor listener4_;
  FileDescriptor listener6_;
  std::deque<FileDescriptor> clients_;
  std::deque<FileDescriptor> servers_;
};

}  // namespace

SourcePtr open_tun_port(TunKind kind, const std::string& name) {
  return std::make_unique<TunPort>(kind, name);
}

SourcePtr open_packet_port(std::string name, std::vector<std::string> outgoing, Bytes peer) {
  return std::make_unique<PacketPort>(std::move(name), std::move(outgoing), std::move(peer));
}

SourcePtr open_raw_port(std::string device) { return std::make_unique<RawPort>(std::move(device)); }

SourcePtr open_udp_port(std::string device) { return std::make_unique<UdpPort>(std::move(device)); }

SourcePtr open_tcp_port(const Namespace& near, const Namespace& far, std::string device, in_addr near4,
                        in6_addr near6) {
  return std::make_unique<TcpPort>(near, far, std::move(device), near4, near6);
}

std::vector<iovec> pieces_of(Bytes& bytes, Random& random) {
  std::vector<iovec> pieces;
  bool small = random.one_in(2);
  for (size_t at = 0; at < bytes.size(); at += pieces.back().iov_len) {
    size_t left = bytes.size() - at;
    size_t size = std::min(left, kPage);
    // the rest must still fit into whole pages
    if (small && left <= (kPiecesMax - std::min(kPiecesMax, pieces.size() + 1)) * kPage)
      size = std::min<size_t>(left, random.between(1, random.one_in(2) ? 8 : 64));
    pieces.push_back({bytes.data() + at, size});
  }
  return pieces;
}

}  // namespace ipxlat::test
