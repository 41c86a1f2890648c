// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/sysctl.h"

#include "daemon/plan/seen.h"

namespace ipxlat {

std::string Sysctl::describe(Action action, const Sysctl* former) const {
  const std::string name = sysctl_name(path);
  if (action != Action::kDrop)
    return "set " + name + (former ? " from " + former->value : "") + " to " + value;
  if (!former) return "leave " + name + ", which somebody else has set since";
  return "put " + name + " back to " + former->value;
}

std::vector<Found<Sysctl>> Sysctl::find(const Seen& seen, const MadeResources& made) {
  std::vector<Found<Sysctl>> found;
  for (const auto& [path, value] : seen.sysctls) {
    Sysctl sysctl{path, value};
    const bool ours = made.contains(sysctl.key());
    found.push_back({std::move(sysctl), ours});
  }
  return found;
}

std::string sysctl_name(const std::string& path) {
  std::string name = path;
  // sysctl(8): a dot within the name of an interface is written as a slash
  for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return name;
}

std::string sysctl_link(const std::string& path) {
  for (const char* folder : {"net/ipv4/conf/", "net/ipv6/conf/", "net/ipv4/neigh/", "net/ipv6/neigh/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string rest = path.substr(std::string(folder).size());
    const std::string link = rest.substr(0, rest.find('/'));
    return link == "all" || link == "default" ? "" : link;
  }
  return {};
}

}  // namespace ipxlat
