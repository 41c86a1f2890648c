// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/publication.h"

#include "lib/address.h"

namespace ipxlat {
namespace {

const char* word(uint8_t protocol) {
  return protocol == IPPROTO_TCP ? "tcp" : protocol == IPPROTO_UDP ? "udp" : "icmp";
}

}  // namespace

std::string Publication::outside() const {
  if (protocol == kEverything) return to_string(*address);
  std::string text = word(protocol);
  if (address) text += " " + to_string(*address);
  return port ? text + (address ? ":" : " port ") + std::to_string(port) : text;
}

}  // namespace ipxlat
