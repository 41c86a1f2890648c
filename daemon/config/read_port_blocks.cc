// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <bit>
#include <stdexcept>

#include "daemon/config/instance.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr int64_t kBlocksMost = 1024;
constexpr uint64_t kAddressesMost = 65536;
constexpr const char* kClientsAllowed =
    "an array of IPv6 prefixes, each of whole addresses' clients, such as [\"2001:db8:1000::/44\"]";
constexpr const char* kFilters = "\"address-and-port-dependent\" or \"endpoint-independent\"";

void check_clients(TableReader& reader, const Nat64Config& config) {
  const PortBlocks& blocks = *config.port_blocks;
  if (blocks.clients.empty()) return reader.refuse("clients", "it is empty", kClientsAllowed);
  const int longest = config.client_prefix_length - blocks.bits();
  for (const auto& prefix : blocks.clients)
    if (prefix.length > longest)
      return reader.refuse("clients",
                           to_string(prefix) + " has fewer clients than the " +
                               std::to_string(blocks.per_address) + " blocks of one address",
                           "prefixes up to /" + std::to_string(longest) + ", or fewer port-blocks");
  refuse_overlaps(reader, "clients", blocks.clients, kClientsAllowed);
  if (reader.refused("clients") || reader.refused("pool4")) return;
  uint64_t pool = 0;
  for (const auto& range : config.pool4) pool += size(range);
  const uint64_t needed = blocks.addresses(config.client_prefix_length);
  const uint64_t most = std::min(pool, kAddressesMost);
  if (needed > most)
    reader.refuse("clients",
                  "with " + std::to_string(blocks.per_address) + " blocks an address they need " +
                      std::to_string(needed) + " addresses, and pool4 has " + std::to_string(pool),
                  "clients for " + std::to_string(most) + " addresses");
}

}  // namespace

void read_port_blocks(TableReader& reader, Nat64Config& config) {
  const auto number = reader.integer("port-blocks", 2, kBlocksMost);
  auto clients = reader.all_parsed("clients", kClientsAllowed,
                                   [](const std::string& text) { return parse_network6(text); });
  const auto open = reader.parsed("filtering", kFilters, [](const std::string& text) {
    if (text == "endpoint-independent") return true;
    if (text == "address-and-port-dependent") return false;
    throw std::invalid_argument("'" + text + "' is no way to filter");
  });
  config.endpoint_independent_filtering = open.value_or(false);
  if (!reader.has("port-blocks")) {
    if (reader.has("clients"))
      reader.refuse("clients", "only with port-blocks each of them has something of its own", "port-blocks");
    if (config.endpoint_independent_filtering)
      reader.refuse("filtering",
                    "without port-blocks two clients may have one port, so that nobody can tell whose it is",
                    "port-blocks beside it");
    return;
  }
  if (!number) return;
  if (!std::has_single_bit(static_cast<uint64_t>(*number)))
    return reader.refuse("port-blocks", std::to_string(*number) + " is no power of two",
                         "2, 4, 8 and so on to 1024");
  if (config.mode != Nat64Mode::kPool && !reader.refused("mode"))
    return reader.refuse("port-blocks", "in masquerade mode the uplink's addresses are shared with others",
                         "pool mode, with pool4");
  reader.require("clients", kClientsAllowed);
  config.port_blocks = PortBlocks{static_cast<uint16_t>(*number), std::move(clients)};
  if (reader.has("clients") && !reader.refused("clients") && !reader.refused("client-prefix-length"))
    check_clients(reader, config);
}

}  // namespace ipxlat
