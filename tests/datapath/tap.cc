// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/tap.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <algorithm>

namespace ipxlat::test {
namespace {

constexpr size_t kPage = 4096;

FileDescriptor attach(const std::string& name) {
  FileDescriptor fd(open("/dev/net/tun", O_RDWR | O_CLOEXEC), "/dev/net/tun");
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  // with fragments, each piece of a write becomes a fragment of the skb
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS;
  require(ioctl(fd.get(), TUNSETIFF, &request), name.c_str());
  return fd;
}

Bytes ethernet_header(const Bytes& destination, Family family) {
  Bytes header = destination;
  append(header, {0x02, 0, 0, 0, 0, 0x02, 0, 0});
  put16(header, 12, family == Family::kIpv4 ? ETH_P_IP : ETH_P_IPV6);
  return header;
}

// Sizes of the pieces behind the Ethernet header.
std::vector<size_t> pieces(size_t length, Memory memory) {
  static const size_t kSmall[] = {1, 7, 13, 20, 2, 5};
  std::vector<size_t> sizes;
  if (memory == Memory::kShredded) {
    for (size_t size : kSmall) {
      if (size >= length) break;
      sizes.push_back(size);
      length -= size;
    }
  }
  for (; length > 0; length -= sizes.back()) sizes.push_back(std::min(length, kPage));
  return sizes;
}

}  // namespace

Tap::Tap(const std::string& name) : link_(name), fd_(attach(name)) {
  // GRO would pull headers together that are to stay apart
  link_.disable_gro();
}

void Tap::send(const Packet& packet, Memory memory) {
  Bytes frame = ethernet_header(link_.address(), packet.family);
  size_t header = frame.size();
  append(frame, packet.bytes);

  std::vector<iovec> vectors;
  if (memory == Memory::kLinear) {
    vectors.push_back({frame.data(), frame.size()});
  } else {
    vectors.push_back({frame.data(), header});
    uint8_t* at = frame.data() + header;
    for (size_t size : pieces(packet.bytes.size(), memory)) {
      vectors.push_back({at, size});
      at += size;
    }
  }
  require(writev(fd_.get(), vectors.data(), static_cast<int>(vectors.size())), "write to the tap");
}

}  // namespace ipxlat::test
