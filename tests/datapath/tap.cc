// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/tap.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/uio.h>

#include <algorithm>

namespace ipxlat::test {
namespace {

constexpr size_t kPage = 4096;

// with fragments, each piece of a write becomes a fragment of the skb
constexpr int kFlags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS;

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

Tap::Tap(const std::string& name) : link_(name), fd_(open_tun(name, kFlags)) {
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
