// SPDX-License-Identifier: GPL-2.0-only
// What network managers write below /run about each interface.
#include <filesystem>
#include <fstream>

#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

namespace fs = std::filesystem;

// The value of the first line KEY=VALUE; "" if there is none.
std::string value_in(const fs::path& file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  return {};
}

// networkd knows each interface, and says "unmanaged" of those that it leaves alone, "pending" and
// "initialized" of those of which it does not know yet.
bool by_networkd(const fs::path& run, uint32_t index) {
  std::string state = value_in(run / "systemd/netif/links" / std::to_string(index), "ADMIN_STATE");
  return state == "configuring" || state == "configured" || state == "failed" || state == "linger";
}

bool by_network_manager(const fs::path& run, uint32_t index) {
  return value_in(run / "NetworkManager/devices" / std::to_string(index), "managed") == "true";
}

bool by_ifupdown(const fs::path& run, const std::string& name) {
  return !value_in(run / "network/ifstate", name).empty();
}

}  // namespace

std::map<std::string, std::string> read_managers(const std::map<std::string, Link>& links,
                                                 const fs::path& run) {
  std::map<std::string, std::string> managers;
  for (const auto& [name, link] : links)
    if (by_network_manager(run, link.index))
      managers[name] = kNetworkManager;
    else if (by_networkd(run, link.index))
      managers[name] = kNetworkd;
    else if (by_ifupdown(run, name))
      managers[name] = kIfupdown;
  return managers;
}

}  // namespace ipxlat::ctl::doctor
