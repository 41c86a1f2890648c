// SPDX-License-Identifier: GPL-2.0-only
#include <charconv>
#include <set>
#include <stdexcept>

#include "core/addr.h"
#include "daemon/config/instance.h"
#include "lib/address.h"

namespace ipxlat {
namespace {

constexpr const char* kAllowed =
    "an array of tables, such as [{ protocol = \"tcp\", port = 80, to = \"[2001:db8::5]:8080\" }]";
constexpr const char* kProtocolAllowed = "\"tcp\", \"udp\" or \"icmp\"";
constexpr const char* kToAllowed =
    "an IPv6 address and a port, such as \"[2001:db8::5]:8080\", or for icmp an address";

uint8_t protocol_of(const std::string& text) {
  for (uint8_t protocol : {uint8_t{IPPROTO_TCP}, uint8_t{IPPROTO_UDP}, uint8_t{IPPROTO_ICMP}})
    if (text == Publication{protocol}.outside()) return protocol;
  throw std::invalid_argument("'" + text + "' is no protocol of a service");
}

struct End {
  in6_addr address;
  uint16_t port;
};

// An address alone has the port 0.
End end_of(const std::string& text) {
  End end{};
  std::string address = text;
  if (text.starts_with("[")) {
    const size_t close = text.find("]:");
    const std::string port = close == text.npos ? "" : text.substr(close + 2);
    const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), end.port);
    if (error != std::errc() || rest != port.data() + port.size() || end.port == 0)
      throw std::invalid_argument("'" + text + "' has no port from 1 to 65535");
    address = text.substr(1, close - 1);
  }
  end.address = parse_address6(address);
  if (ipxlat_addr6_check(&end.address, IPXLAT_REASON_BAD_SOURCE) != IPXLAT_REASON_OK)
    throw std::invalid_argument("'" + text + "' is no address of a server");
  return end;
}

Publication read_publication(TableReader& reader, bool everything) {
  Publication read;
  if (auto protocol = reader.parsed("protocol", kProtocolAllowed, protocol_of)) read.protocol = *protocol;
  if (!everything)
    reader.require("protocol", kProtocolAllowed);
  else if (!reader.has("protocol"))
    read.protocol = Publication::kEverything;
  const char* address = everything ? "an IPv4 address that leads here" : "an IPv4 address of pool4";
  read.address = reader.parsed("address", address, parse_address4);
  if (everything) reader.require("address", address);
  if (auto port = reader.integer("port", 1, 65535)) read.port = static_cast<uint16_t>(*port);
  const auto to = reader.parsed("to", kToAllowed, end_of);
  if (to) read.to = to->address, read.to_port = to->port;
  reader.require("to", kToAllowed);
  const bool ports = read.protocol == IPPROTO_TCP || read.protocol == IPPROTO_UDP;
  if (reader.refused("protocol")) return read;
  if (ports) reader.require("port", "an integer from 1 to 65535");
  const std::string none = read.protocol == IPPROTO_ICMP ? "icmp" : "all of an address";
  if (!ports && reader.has("port")) reader.refuse("port", none + " has none", "port with tcp and udp alone");
  if (to && ports != (to->port != 0))
    reader.refuse("to", ports ? "it has no port" : none + " has no port", kToAllowed);
  return read;
}

}  // namespace

std::vector<Publication> read_publications(TableReader& reader, const std::string& key, bool everything) {
  std::vector<Publication> all;
  std::set<std::string> taken;
  for (auto& table : reader.tables(key, kAllowed)) {
    all.push_back(read_publication(table, everything));
    table.finish();
    if (everything && !all.back().address) continue;
    if (!taken.insert(all.back().outside()).second)
      table.refuse("", all.back().outside() + " is there twice", "each once");
  }
  return all;
}

}  // namespace ipxlat
