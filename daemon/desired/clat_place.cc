// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat_place.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/desired/uplink.h"
#include "lib/networks.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

constexpr size_t kNameRoom = 13;  // of the 15 bytes of an interface's name, beside a number

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

class Places {
 public:
  Places(const ClatConfig& config, const Seen& seen) : config_(config), seen_(seen) {}

  std::vector<ClatPlace> find() {
    for (const SeenLink* uplink : uplinks()) places_.push_back(look_at(uplink));
    if (places_.empty()) places_.push_back(look_at(nullptr));
    std::sort(places_.begin(), places_.end(), comes_before);
    const bool one = config_.mode == ClatMode::kOff || std::holds_alternative<Prefix6>(config_.address6) ||
                     std::holds_alternative<in6_addr>(config_.address6);
    if (one) places_.resize(1);
    give_devices();
    uint32_t metric = config_.route_metric;
    for (auto& place : places_)
      if (place.why_off.empty()) place.metric = metric < UINT32_MAX ? metric++ : metric;
    return std::move(places_);
  }

 private:
  const std::string instance_id() const { return "clat." + config_.name; }

  // Which device of this instance the uplink has, if it is still there.
  const SeenLink* device_of(const SeenLink& uplink) const {
    const std::string mark = owner_mark(instance_id() + "/" + uplink.name);
    const auto found = std::ranges::find_if(
        seen_.links, [&](const SeenLink& link) { return link.kind == "ipxlat" && link.alias == mark; });
    return found == seen_.links.end() ? nullptr : &*found;
  }

  // A pattern is not asked of all that it matches, such as a host's many containers.
  std::vector<const SeenLink*> uplinks() const {
    std::vector<const SeenLink*> all;
    const SeenLink* first = nullptr;
    for (const auto& link : seen_.links) {
      if (!may_be_uplink(link, config_.uplinks)) continue;
      if (!first) first = &link;
      const bool named = std::ranges::find(config_.uplinks, link.name) != config_.uplinks.end();
      if (named || leads_out(link) || device_of(link)) all.push_back(&link);
    }
    if (all.empty() && first) all.push_back(first);
    return all;
  }

  bool leads_out(const SeenLink& link) const {
    const auto told_there = [&](const LearntPrefix& one) { return one.ifindex == link.ifindex; };
    return way_to(seen_, link, config_.pref64.value_or(Prefix6{})) ||
           (!config_.pref64 && (std::ranges::any_of(seen_.known.advertised, told_there) ||
                                std::ranges::any_of(seen_.known.resolved, told_there)));
  }

  ClatPlace look_at(const SeenLink* uplink) const {
    ClatPlace place;
    place.uplink = uplink;
    place.pref64 = config_.pref64;
    const SeenLink* device = uplink ? device_of(*uplink) : nullptr;
    if (uplink && !config_.pref64) {
      std::optional<Prefix6> kept;
      if (device && device->config) kept = device->config->settings.remote_prefix6;
      place.learnt = choose_pref64(seen_, *uplink, kept);
      if (place.learnt) place.pref64 = place.learnt->learnt.prefix;
    }
    if (uplink && place.pref64) place.way = way_to(seen_, *uplink, *place.pref64);
    place.strays = place.way && may_stray(place);
    place.why_off = reason_to_be_off(place, device != nullptr);
    return place;
  }

  bool may_stray(const ClatPlace& place) const {
    return std::ranges::any_of(seen_.links, [&](const SeenLink& link) {
      const SeenRoute* other = way_to(seen_, link, *place.pref64);
      return &link != place.uplink && other && !is_better(*place.way, *other);
    });
  }

  std::string nobody_tells(const std::string& link) const {
    if (seen_.known.unheard.empty())
      return "neither routers on " + link + " nor DNS tell the prefix of a NAT64";
    return "DNS does not tell the prefix of a NAT64, and " + seen_.known.unheard;
  }

  std::string reason_to_be_off(const ClatPlace& place, bool has_device) const {
    if (config_.mode == ClatMode::kOff) return "mode is off";
    if (!place.uplink) return "there is no interface " + join(config_.uplinks);
    const std::string& link = place.uplink->name;
    if (!place.pref64) return nobody_tells(link);
    if (config_.mode == ClatMode::kForce) return {};
    const bool waits = has_device && place.uplink->up;
    if (!place.way && !waits) return link + " has no route to " + to_string(*place.pref64);
    if (const auto* other = other_clat(seen_))
      return "another CLAT has " + to_string(other->network) + " on " + other->link +
             ", such as clatd's, NetworkManager's or systemd-networkd's";
    if (auto native = native_ipv4(seen_, link)) return "native IPv4 " + to_string(*native) + " on " + link;
    return {};
  }

  static bool comes_before(const ClatPlace& a, const ClatPlace& b) {
    const auto rank = [](const ClatPlace& place) { return std::tuple(!place.why_off.empty(), !place.way); };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a.way && b.way && (is_better(*a.way, *b.way) || is_better(*b.way, *a.way)))
      return is_better(*a.way, *b.way);
    return a.uplink->name < b.uplink->name;
  }

  std::string device_name(size_t number) const {
    return number ? config_.device.substr(0, kNameRoom) + "." + std::to_string(number) : config_.device;
  }

  void give(ClatPlace& place, size_t number) {
    place.device = device_name(number);
    place.table = "ipxlat-" + config_.name + (number ? "/" + std::to_string(number) : "");
    taken_.insert(number);
  }

  void give_devices() {
    for (auto& place : places_) {
      const SeenLink* device = place.why_off.empty() ? device_of(*place.uplink) : nullptr;
      for (size_t number = 0; device && number < places_.size() + seen_.links.size(); number++)
        if (device->name == device_name(number)) give(place, number);
    }
    size_t number = 0;
    for (auto& place : places_) {
      if (!place.why_off.empty() || !place.device.empty()) continue;
      while (taken_.contains(number)) number++;
      give(place, number);
    }
  }

  const ClatConfig& config_;
  const Seen& seen_;
  std::vector<ClatPlace> places_;
  std::set<size_t> taken_;
};

}  // namespace

std::vector<ClatPlace> clat_places(const ClatConfig& config, const Seen& seen) {
  return Places(config, seen).find();
}

}  // namespace ipxlat
