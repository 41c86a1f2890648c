// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/doctor/observe.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>

#include "lib/module_facts.h"

namespace ipxlat::ctl::doctor {
namespace {

namespace fs = std::filesystem;

uint32_t mtu_of(int socket, const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  return ioctl(socket, SIOCGIFMTU, &request) == 0 ? static_cast<uint32_t>(request.ifr_mtu) : 0;
}

std::map<std::string, Link> read_links() {
  std::map<std::string, Link> links;
  int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (auto* all = if_nameindex()) {
    for (auto* link = all; link->if_index; ++link)
      links[link->if_name] = {link->if_index, mtu_of(socket, link->if_name), false};
    if_freenameindex(all);
  }
  if (socket >= 0) close(socket);
  ifaddrs* addresses = nullptr;
  if (getifaddrs(&addresses) < 0) return links;
  for (auto* address = addresses; address; address = address->ifa_next)
    if (address->ifa_addr && address->ifa_addr->sa_family == AF_INET)
      links[address->ifa_name].address4 = true;
  freeifaddrs(addresses);
  return links;
}

// What is below /run is about the network namespace of the service manager. Who may not see which one that is
// takes it for this one.
bool in_namespace_of_services() {
  std::error_code error;
  auto theirs = fs::read_symlink("/proc/1/ns/net", error);
  return error || theirs == fs::read_symlink("/proc/self/ns/net", error);
}

void read_sysctl(const std::string& path, std::map<std::string, std::string>& sysctls) {
  std::ifstream in("/proc/sys/" + path);
  if (std::string line; std::getline(in, line)) sysctls[path] = line;
}

std::map<std::string, std::string> read_sysctls(const Observed& observed) {
  std::map<std::string, std::string> sysctls;
  for (const char* path : {"net/netfilter/nf_conntrack_count", "net/netfilter/nf_conntrack_max",
                           "net/ipv4/ipfrag_high_thresh", "net/ipv6/ip6frag_high_thresh"})
    read_sysctl(path, sysctls);
  std::set<std::string> names = {"all"};
  for (const Translator& t : observed.translators) {
    names.insert(t.device);
    names.insert(t.uplinks.begin(), t.uplinks.end());
    names.insert(t.downlinks.begin(), t.downlinks.end());
  }
  for (const auto& name : names) {
    for (const char* leaf : {"forwarding", "rp_filter"})
      read_sysctl("net/ipv4/conf/" + name + "/" + leaf, sysctls);
    for (const char* leaf : {"forwarding", "force_forwarding", "accept_ra", "disable_ipv6", "mtu"})
      read_sysctl("net/ipv6/conf/" + name + "/" + leaf, sysctls);
  }
  return sysctls;
}

// Tables of iptables-legacy; the file is there where its module is.
void read_legacy_tables(std::set<std::string>& tables) {
  for (const char* file : {"/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"}) {
    std::ifstream in(file);
    for (std::string name; in >> name;) tables.insert(name);
  }
}

// "kernel/net/netfilter/nft_ct.ko.xz" is nft_ct.
std::string module_name(const std::string& path) {
  std::string name = fs::path(path.substr(0, path.find(':'))).filename();
  return name.substr(0, name.find('.'));
}

void read_modules(Observed& observed) {
  utsname system{};
  uname(&system);
  const fs::path directory = fs::path("/lib/modules") / system.release;
  std::ifstream listed(directory / "modules.dep");
  if (!listed) {
    observed.kernel_modules_unread = (directory / "modules.dep").string() + " cannot be read";
    return;
  }
  for (const char* file : {"modules.dep", "modules.builtin"}) {
    std::ifstream in(directory / file);
    for (std::string line; std::getline(in, line);) observed.kernel_modules.insert(module_name(line));
  }
  std::ifstream loaded("/proc/modules");
  for (std::string line; std::getline(loaded, line);)
    observed.kernel_modules.insert(line.substr(0, line.find(' ')));
}

void read_route(const Network& network, Observed& observed) {
  if (auto route = ask_route(network)) {
    std::string address = std::visit([](const auto& prefix) { return to_string(prefix.address); }, network);
    observed.routes[address] = *route;
  }
}

void read_routes(Observed& observed) {
  read_route(host(some_ipv4_host()), observed);
  for (const Translator& t : observed.translators) {
    if (t.pref64)
      for (const in_addr& address : some_hosts_of(t))
        read_route(host(some_host_behind(*t.pref64, address)), observed);
    for (const Prefix4& near : t.near4) read_route(near, observed);
  }
}

void read_losses(Observed& observed) {
  if (!observed.sysctls.contains("net/netfilter/nf_conntrack_count")) return;  // to ask would load it
  if (auto losses = read_connection_losses()) observed.connection_losses = *losses;
}

void read_names(Observed& observed) {
  const auto& all = observed.translators;
  if (std::none_of(all.begin(), all.end(), [](const Translator& t) { return t.kind == "nat64"; })) return;
  if (auto addresses = ask_resolver())
    observed.ipv4only = std::move(*addresses);
  else
    observed.ipv4only_unread = addresses.error().text;
}

}  // namespace

Observed observe(std::vector<Translator> translators) {
  Observed observed;
  observed.translators = std::move(translators);
  observed.links = read_links();
  if (in_namespace_of_services()) observed.managers = read_managers(observed.links, "/run");
  observed.sysctls = read_sysctls(observed);
  read_routes(observed);
  if (auto ruleset = read_ruleset())
    observed.ruleset = std::move(*ruleset);
  else
    observed.ruleset_unread = ruleset.error().text;
  read_legacy_tables(observed.legacy_tables);
  read_modules(observed);
  read_losses(observed);
  read_names(observed);
  return observed;
}

}  // namespace ipxlat::ctl::doctor
