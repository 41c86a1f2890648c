// SPDX-License-Identifier: GPL-2.0-only
// Ports that put whole packets onto a link: TUN, TAP and packet sockets.
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <sys/socket.h>

#include <algorithm>

#include "tests/datapath/link.h"
#include "tests/datapath/offload.h"
#include "tests/datapath/ports.h"

namespace ipxlat::test {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kPiecesMax = 17;  // of an skb: MAX_SKB_FRAGS

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

}  // namespace

SourcePtr open_tun_port(TunKind kind, const std::string& name) {
  return std::make_unique<TunPort>(kind, name);
}

SourcePtr open_packet_port(std::string name, std::vector<std::string> outgoing, Bytes peer) {
  return std::make_unique<PacketPort>(std::move(name), std::move(outgoing), std::move(peer));
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
