// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/config.h"

#include <algorithm>
#include <map>

#include "daemon/config/instance.h"
#include "daemon/config/table_reader.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr const char* kKinds = "[nat64.NAME], [clat.NAME] or [siit.NAME]";

std::string place(const std::filesystem::path& file, unsigned line) {
  return file.string() + ":" + std::to_string(line);
}

// Reads one file after the other and refuses what contradicts an earlier instance.
class Loader {
 public:
  void read(const std::filesystem::path& file) {
    const Node root = read_tree(file);
    for (const auto& [kind, value] : *root.members()) {
      if (kind != "nat64" && kind != "clat" && kind != "siit")
        throw ConfigError(place(file, value.line) + ": " + kind + ": unknown key; allowed: " + kKinds);
      if (!value.members())
        throw ConfigError(place(file, value.line) + ": " + kind + ": it is " + value.type_name() +
                          "; allowed: " + kKinds);
      for (const auto& [name, instance] : *value.members()) read_instance(file, kind, name, instance);
    }
  }

  Config take() { return std::move(config_); }

 private:
  void read_instance(const std::filesystem::path& file, const std::string& kind, const std::string& name,
                     const Node& node) {
    const std::string path = kind + "." + name;
    if (!node.members())
      throw ConfigError(place(file, node.line) + ": " + path + ": it is " + node.type_name() +
                        "; allowed: a table, [" + kind + ".NAME]");
    TableReader reader(file, path, node);
    const bool plain =
        !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
          return isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
        });
    if (!plain)
      reader.refuse("", "'" + name + "' cannot be the name of an instance",
                    "1 to 64 letters, digits, '-', '_' and '.'");
    claim(reader, names_, name, place(file, node.line) + " (" + path + ")", "", "the name",
          "names that differ");
    where_ = place(file, node.line) + " (" + path + ")";
    if (kind == "nat64") add(reader, read_nat64(reader, name));
    if (kind == "clat") add(reader, read_clat(reader, name));
    if (kind == "siit") add(reader, read_siit(reader, name));
  }

  void add(TableReader& reader, Nat64Config config) {
    claim_device(reader, config.device);
    claim_remote(reader, "pref64", *config.settings.remote_prefix6);
    for (const auto& other : config_.nat64) {
      refuse_shared(reader, "pool4", other.pool4, config.pool4, other.name);
      refuse_shared(reader, "pool6", other.pool6, config.pool6, other.name);
    }
    config_.nat64.push_back(std::move(config));
  }

  void add(TableReader& reader, ClatConfig config) {
    claim_device(reader, config.device);
    for (const auto& pattern : config.uplinks)
      claim(reader, clat_uplinks_, pattern, where_, "uplinks", "the uplink", "one CLAT for each uplink");
    config_.clat.push_back(std::move(config));
  }

  void add(TableReader& reader, SiitConfig config) {
    claim_device(reader, config.device);
    if (config.settings.remote_prefix6)
      claim_remote(reader, "remote-prefix6", *config.settings.remote_prefix6);
    config_.siit.push_back(std::move(config));
  }

  void claim_device(TableReader& reader, const std::string& device) {
    claim(reader, devices_, device, where_, "device", "the device", "a device for each instance");
  }

  void claim_remote(TableReader& reader, const std::string& key, const Prefix6& prefix) {
    claim(reader, remotes_, to_string(prefix), where_, key, "the prefix", "a prefix for each instance");
  }

  static void claim(TableReader& reader, std::map<std::string, std::string>& claims, const std::string& value,
                    const std::string& where, const std::string& key, const std::string& what,
                    const std::string& allowed) {
    const auto [found, fresh] = claims.emplace(value, where);
    if (!fresh) reader.refuse(key, what + " '" + value + "' is taken by " + found->second, allowed);
  }

  template <class Prefix>
  static void refuse_shared(TableReader& reader, const std::string& key, const std::vector<Prefix>& theirs,
                            const std::vector<Prefix>& ours, const std::string& other) {
    for (const auto& a : theirs)
      for (const auto& b : ours)
        if (overlap(a, b))
          reader.refuse(key, to_string(b) + " overlaps " + to_string(a) + " of nat64." + other,
                        "addresses that no other instance has");
  }

  Config config_;
  std::string where_;                                                            // of the instance being read
  std::map<std::string, std::string> names_, devices_, remotes_, clat_uplinks_;  // to where it was claimed
};

}  // namespace

Config load_config(const std::vector<std::filesystem::path>& files) {
  Loader loader;
  for (const auto& file : files) loader.read(file);
  return loader.take();
}

std::vector<std::filesystem::path> default_config_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "conf.d", error))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const auto main_file = directory / "ipxlatd.toml";
  if (std::filesystem::exists(main_file, error)) files.insert(files.begin(), main_file);
  return files;
}

}  // namespace ipxlat
