// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/forwarding.h"

#include <algorithm>

#include "daemon/plan/sysctl.h"

namespace ipxlat {
namespace {

using Names = std::vector<std::string>;

// Written by somebody else it alters every interface; what is wanted here is that of each interface.
constexpr const char* kAll4 = "net/ipv4/ip_forward";
// ip6_forward() asks no other before Linux 6.17.
constexpr const char* kAll6 = "net/ipv6/conf/all/forwarding";

std::string forwarding4(const std::string& link) { return "net/ipv4/conf/" + link + "/forwarding"; }
// Before Linux 6.17 it decides whether the host takes part as a router there, not what is forwarded.
std::string forwarding6(const std::string& link) { return "net/ipv6/conf/" + link + "/forwarding"; }
std::string force6(const std::string& link) { return "net/ipv6/conf/" + link + "/force_forwarding"; }
std::string accept_ra(const std::string& link) { return "net/ipv6/conf/" + link + "/accept_ra"; }

bool named(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Those of `names` that are there and have the protocol; the sysctl is there if they do.
template <class Path>
Names present(const Seen& seen, const Names& names, const std::string& device, Path path) {
  Names there;
  for (const auto& link : seen.links) {
    const bool other = link.name != "lo" && link.name != device && !link.ours();
    const bool meant = names.empty() ? other : named(names, link.name);
    if (meant && !seen.sysctl(path(link.name)).empty()) there.push_back(link.name);
  }
  return there;
}

class Wishes {
 public:
  Wishes(const Seen& seen, const Ingress& ingress)
      : seen_(seen),
        ingress_(ingress),
        four_(present(seen, ingress.four, ingress.device, forwarding4)),
        six_(present(seen, ingress.six, ingress.device, forwarding6)),
        by_interface_(!seen.sysctl(force6("default")).empty() && seen.sysctl(kAll6) != "1") {}

  // Not without leave. What lets the host go on listening stands first.
  std::vector<Sysctl> of_others() const {
    std::vector<Sysctl> router;
    if (!by_interface_) router.push_back({kAll6, "1"});
    for (const auto& link : six_) {
      if (by_interface_) router.push_back({force6(link), "1"});
      router.push_back({forwarding6(link), "1"});
    }
    std::vector<Sysctl> wanted = listening(router);
    wanted.insert(wanted.end(), router.begin(), router.end());
    for (const auto& link : four_) wanted.push_back({forwarding4(link), "1"});
    return wanted;
  }

  std::vector<Sysctl> of_the_device() const {
    std::vector<Sysctl> wanted = {{forwarding4(ingress_.device), "1"}};
    if (by_interface_) wanted.push_back({force6(ingress_.device), "1"});
    return wanted;
  }

  // Those without which nothing is forwarded, as an operator would set them.
  Names missing() const {
    Names missing;
    const auto is_on = [&](const std::string& path) { return seen_.sysctl(path) == "1"; };
    const auto need = [&](const std::string& path) {
      if (!is_on(path)) missing.push_back(sysctl_name(path) + " = 1");
    };
    for (const auto& link : four_)
      if (!ingress_.four.empty()) need(forwarding4(link));
    const auto forwards = [&](const std::string& link) { return is_on(forwarding4(link)); };
    if (ingress_.four.empty() && std::none_of(four_.begin(), four_.end(), forwards)) need(kAll4);
    if (!by_interface_ || ingress_.six.empty())
      need(kAll6);
    else
      for (const auto& link : six_) need(force6(link));
    return missing;
  }

 private:
  bool ours(const std::string& path) const { return seen_.changed.contains(path); }

  // When forwarding of IPv6 goes on, be it of one interface, the kernel forgets what it has heard from
  // routers on all that have accept_ra 1, and where it is on, does not listen any more; with 2 it does.
  std::vector<Sysctl> listening(const std::vector<Sysctl>& router) const {
    std::vector<Sysctl> wanted;
    const bool becomes_router = std::any_of(router.begin(), router.end(), [&](const Sysctl& one) {
      return seen_.sysctl(one.path) != one.value || ours(one.path);
    });
    if (!becomes_router) return wanted;
    for (const auto& link : seen_.links) {
      const std::string path = accept_ra(link.name);
      const bool heard = std::any_of(seen_.routes.begin(), seen_.routes.end(), [&](const SeenRoute& route) {
        return route.from_ra && route.link == link.name;
      });
      const bool uplink = named(ingress_.four, link.name) && named(six_, link.name);
      if (ours(path) || (seen_.sysctl(path) == "1" && (heard || uplink))) wanted.push_back({path, "2"});
    }
    return wanted;
  }

  const Seen& seen_;
  const Ingress& ingress_;
  Names four_, six_;
  bool by_interface_;  // of IPv6
};

}  // namespace

namespace {

void fail_without(Unit& unit, const Names& missing) {
  std::string all;
  for (const auto& one : missing) all += (all.empty() ? "" : " and ") + one;
  if (all.empty()) return;
  unit.report.state = InstanceState::kFailed;
  unit.report.why = "it needs " + all + ", and manage-sysctls is false";
}

}  // namespace

void want_forwarding(Unit& unit, const Seen& seen, const Ingress& ingress, bool manage) {
  const Wishes wishes(seen, ingress);
  const auto want = [&](const std::vector<Sysctl>& sysctls) {
    unit.resources.insert(unit.resources.end(), sysctls.begin(), sysctls.end());
  };
  if (manage) want(wishes.of_others());
  want(wishes.of_the_device());
  if (!manage) fail_without(unit, wishes.missing());
}

void want_forwarding4(Unit& unit, const Seen& seen, const std::string& device,
                      const std::vector<std::string>& links, bool manage) {
  Names missing;
  for (const auto& link : present(seen, links, device, forwarding4)) {
    if (manage)
      unit.resources.push_back(Sysctl{forwarding4(link), "1"});
    else if (seen.sysctl(forwarding4(link)) != "1")
      missing.push_back(sysctl_name(forwarding4(link)) + " = 1");
  }
  unit.resources.push_back(Sysctl{forwarding4(device), "1"});
  fail_without(unit, missing);
}

}  // namespace ipxlat
