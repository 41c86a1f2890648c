// SPDX-License-Identifier: GPL-2.0-only
// What an instance has for itself alone. The second one to want it is refused and hears who has it.
#ifndef IPXLAT_DAEMON_CONFIG_CLAIMS_H
#define IPXLAT_DAEMON_CONFIG_CLAIMS_H

#include <map>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/config/table_reader.h"
#include "lib/networks.h"

namespace ipxlat {

class Claims {
 public:
  // `where` is the place of the instance, for the sentence that another one gets: "FILE:LINE (nat64.edge)".
  void make(TableReader& reader, const Nat64Config& instance, const std::string& where);
  void make(TableReader& reader, const ClatConfig& instance, const std::string& where);
  void make(TableReader& reader, const SiitConfig& instance, const std::string& where);
  void make(TableReader& reader, const Nat46Config& instance, const std::string& where);

 private:
  // False: the instance is taken for a copy of another one, and more need not be said.
  bool claim_name(TableReader& reader, const std::string& name, const std::string& where);
  void claim_remote(TableReader& reader, const std::string& key, const std::optional<Prefix6>& prefix,
                    const std::string& where, const std::string& instance);
  void claim_device(TableReader& reader, const std::string& device, const std::string& where);

  std::map<std::string, std::string> names_, devices_, remotes_, clat_uplinks_;  // to where

  // Networks that are routed to one instance; those of one may lie in each other.
  void claim_networks(TableReader& reader, const std::string& key, std::vector<Network> networks,
                      const std::string& instance);
  std::map<Network, std::string> networks_;  // none in another, to the instance
};

}  // namespace ipxlat

#endif
