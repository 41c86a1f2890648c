// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/listen.h"

#include <charconv>
#include <stdexcept>

namespace ipxlat {

Listen parse_listen(const std::string& text) try {
  const size_t colon = text.rfind(':');
  if (colon == text.npos) throw std::invalid_argument("no port");
  Listen listen;
  const char *begin = text.data() + colon + 1, *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, listen.port);
  if (error != std::errc() || stop != end || listen.port == 0) throw std::invalid_argument("no port");
  const std::string address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    listen.address = host(parse_address6(address.substr(1, address.size() - 2)));
  else
    listen.address = host(parse_address4(address));
  return listen;
} catch (const std::invalid_argument&) {
  throw std::invalid_argument("'" + text + "' is not an address and a port");
}

std::string to_string(const Listen& listen) {
  const std::string port = ":" + std::to_string(listen.port);
  if (const auto* six = std::get_if<Prefix6>(&listen.address))
    return "[" + to_string(six->address) + "]" + port;
  return to_string(std::get<Prefix4>(listen.address).address) + port;
}

}  // namespace ipxlat
