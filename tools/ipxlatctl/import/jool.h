// SPDX-License-Identifier: GPL-2.0-only
// The JSON of Jool's "file handle", of one instance, SIIT or NAT64, of Jool 3.5 to 4.1.
#ifndef IPXLAT_TOOLS_IPXLATCTL_IMPORT_JOOL_H
#define IPXLAT_TOOLS_IPXLATCTL_IMPORT_JOOL_H

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/ipxlatctl/import/importer.h"

namespace ipxlat::ctl {

class Jool {
 public:
  explicit Jool(const Source& source) : source_(source) {}

  Imported take();

  // Top level. Each gives an account of itself, and sets what it is taken over as.
  void instance(const Setting& setting, const nlohmann::ordered_json& value);
  void framework(const Setting& setting, const nlohmann::ordered_json& value);
  void globals(const Setting& setting, const nlohmann::ordered_json& value);
  void pool4(const Setting& setting, const nlohmann::ordered_json& value);
  void bib(const Setting& setting, const nlohmann::ordered_json& value);
  void eamt(const Setting& setting, const nlohmann::ordered_json& value);

  // Of these there are some in "global", and some were elsewhere before Jool 4.
  void pool6(const Setting& setting, const nlohmann::ordered_json& value);
  void enabled(const Setting& setting, const nlohmann::ordered_json& value);
  void own_source(const Setting& setting, const nlohmann::ordered_json& value);
  void lowest_mtu(const Setting& setting, const nlohmann::ordered_json& value);
  void tos(const Setting& setting, const nlohmann::ordered_json& value);
  void udp_checksum(const Setting& setting, const nlohmann::ordered_json& value);
  void hairpin(const Setting& setting, const nlohmann::ordered_json& value);
  void error_source4(const Setting& setting, const nlohmann::ordered_json& value);
  void error_source6(const Setting& setting, const nlohmann::ordered_json& value);
  void filtering(const Setting& setting, const nlohmann::ordered_json& value);
  void logging(const Setting& setting, const nlohmann::ordered_json& value);
  void timeout(const Setting& setting, const nlohmann::ordered_json& value);
  void synchronization(const Setting& setting, const nlohmann::ordered_json& value);

 private:
  void read_kind(const nlohmann::ordered_json& root);
  void read_facts(const nlohmann::ordered_json& root);
  void finish();
  void pool4_entry(const Setting& entry, const nlohmann::ordered_json& value);
  void bib_entry(const Setting& entry, const nlohmann::ordered_json& value);
  Prefix4 pool4_prefix(const Setting& setting, const nlohmann::ordered_json& value) const;

  bool is_nat64() const { return kind_ == "nat64"; }
  bool is_set(const char* global) const;
  std::string path(const char* key) const { return table_->path(key); }
  std::string text(const Setting& setting, const nlohmann::ordered_json& value, const char* allowed) const;
  bool flag(const Setting& setting, const nlohmann::ordered_json& value) const;
  std::string member(const Setting& entry, const nlohmann::ordered_json& object, const char* name,
                     const char* allowed) const;

  const Source& source_;
  std::string kind_;               // "nat64" or "siit"
  nlohmann::ordered_json global_;  // an object
  std::vector<Prefix4> pool_;      // without what others of it cover
  Account account_;
  std::optional<TomlTable> table_;
  std::vector<MapEntry> map_;
  std::vector<Forward> forwards_;
};

// How a value is told of: as JSON, on a line.
std::string shown(const nlohmann::ordered_json& value);

}  // namespace ipxlat::ctl

#endif
