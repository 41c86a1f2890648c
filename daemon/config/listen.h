// SPDX-License-Identifier: GPL-2.0-only
// Where the daemon listens.
#ifndef IPXLAT_DAEMON_CONFIG_LISTEN_H
#define IPXLAT_DAEMON_CONFIG_LISTEN_H

#include <cstdint>
#include <string>

#include "lib/networks.h"

namespace ipxlat {

struct Listen {
  Network address;    // a single one
  uint16_t port = 0;  // host byte order

  bool operator==(const Listen&) const = default;
};

// "127.0.0.1:9464" or "[::1]:9464", and back. std::invalid_argument.
Listen parse_listen(const std::string& text);
std::string to_string(const Listen& listen);

}  // namespace ipxlat

#endif
