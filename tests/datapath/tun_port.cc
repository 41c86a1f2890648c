// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/tun_port.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "tests/datapath/offload.h"

namespace ipxlat::test {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kPiecesMax = 17;  // of an skb: MAX_SKB_FRAGS

short flags_of(TunPort::Kind kind) {
  switch (kind) {
    case TunPort::Kind::kTun:
      return IFF_TUN | IFF_VNET_HDR;
    case TunPort::Kind::kTap:
      return IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    case TunPort::Kind::kPiecewise:
      break;
  }
  return IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_NAPI | IFF_NAPI_FRAGS;
}

FileDescriptor make_interface(TunPort::Kind kind, const std::string& name) {
  FileDescriptor fd(open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK), "/dev/net/tun");
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = flags_of(kind);
  require(ioctl(fd.get(), TUNSETIFF, &request), name.c_str());
  return fd;
}

uint16_t ether_type(Family family) { return family == Family::kIpv4 ? ETH_P_IP : ETH_P_IPV6; }

iovec whole(void* data, size_t size) { return {data, size}; }

}  // namespace

std::vector<iovec> pieces_of(Bytes& bytes, Random& random) {
  std::vector<iovec> pieces;
  bool small = random.one_in(2);
  for (size_t at = 0; at < bytes.size(); at += pieces.back().iov_len) {
    size_t left = bytes.size() - at;
    size_t size = std::min(left, kPage);
    // the rest must still fit into whole pages
    if (small && left <= (kPiecesMax - std::min(kPiecesMax, pieces.size() + 1)) * kPage)
      size = std::min<size_t>(left, random.between(1, random.one_in(2) ? 8 : 64));
    pieces.push_back(whole(bytes.data() + at, size));
  }
  return pieces;
}

TunPort::TunPort(Kind kind, const std::string& name)
    : kind_(kind), fd_(make_interface(kind, name)), link_(name) {}

Bytes TunPort::link_header(Family family, Random& random) const {
  Bytes header;
  if (kind_ == Kind::kTun) {
    tun_pi info{0, htons(ether_type(family))};
    const auto* begin = reinterpret_cast<const uint8_t*>(&info);
    header.assign(begin, begin + sizeof info);
    return header;
  }
  header = link_.address();
  append(header, {0x02, 0, 0, 0, 0, 0x02});
  header.resize(14);
  if (random.one_in(50)) {
    put16(header, 12, ETH_P_8021Q);
    append(header, {0, 5, 0, 0});
  }
  put16(header, header.size() - 2, ether_type(family));
  return header;
}

bool TunPort::inject(const Packet& packet, Random& random) {
  Bytes bytes = packet.bytes;
  Bytes link = link_header(packet.family, random);
  OffloadHeader offload = describe_offload(bytes, kind_ == Kind::kTun ? 0 : link.size(), random);
  std::vector<iovec> pieces;
  if (kind_ == Kind::kTun) pieces.push_back(whole(link.data(), link.size()));
  pieces.push_back(whole(&offload, sizeof offload));
  if (kind_ != Kind::kTun) pieces.push_back(whole(link.data(), link.size()));
  if (kind_ == Kind::kPiecewise && random.one_in(3)) {  // linear as far as one piece may be
    append(link, bytes);
    bytes.clear();
    pieces.back() = whole(link.data(), link.size());
  }
  for (const iovec& piece : pieces_of(bytes, random)) pieces.push_back(piece);
  return writev(fd_.get(), pieces.data(), static_cast<int>(pieces.size())) >= 0;
}

}  // namespace ipxlat::test
