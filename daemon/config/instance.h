// SPDX-License-Identifier: GPL-2.0-only
// From the table of one instance to its struct.
#ifndef IPXLAT_DAEMON_CONFIG_INSTANCE_H
#define IPXLAT_DAEMON_CONFIG_INSTANCE_H

#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/config/table_reader.h"
#include "lib/networks.h"

namespace ipxlat {

// 1 to 64 letters, digits, '-', '_' and '.'.
bool is_instance_name(const std::string& name);

// Each reads all keys of its kind and refuses what is left. What was refused is empty or has its default.
Nat64Config read_nat64(TableReader& reader, const std::string& name);
ClatConfig read_clat(TableReader& reader, const std::string& name);
SiitConfig read_siit(TableReader& reader, const std::string& name);
Nat46Config read_nat46(TableReader& reader, const std::string& name);

// The keys that several kinds share. The device has the name of the instance if it has no other.
std::string read_device(TableReader& reader, const std::string& name);
// Services that a gateway forwards: the array of tables `key`. With `everything` one may be all of an
// address.
std::vector<Publication> read_publications(TableReader& reader, const std::string& key, bool everything);
// Any two of the key's prefixes that overlap.
template <class Prefix>
void refuse_overlaps(TableReader& reader, const std::string& key, const std::vector<Prefix>& prefixes,
                     const char* allowed) {
  for (size_t i = 0; i < prefixes.size(); i++)
    for (size_t j = 0; j < i; j++)
      if (overlap(prefixes[i], prefixes[j]))
        reader.refuse(key, to_string(prefixes[j]) + " and " + to_string(prefixes[i]) + " overlap", allowed);
}
// port-blocks, clients and filtering, after the pools, mode and limits have been read.
void read_port_blocks(TableReader& reader, Nat64Config& config);
// Interface names, each such as Linux takes.
std::vector<std::string> read_links(TableReader& reader, const std::string& key);
// lowest-ipv6-mtu, icmp-source4, udp-zero-checksum.
Settings read_settings(TableReader& reader);
// A prefix that a device takes as its remote prefix.
std::optional<Prefix6> read_remote_prefix(TableReader& reader, const std::string& key);

}  // namespace ipxlat

#endif
