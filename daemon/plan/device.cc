// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/device.h"

#include "daemon/plan/seen.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

class Words {
 public:
  void add(const std::string& word) { text_ += (text_.empty() ? "" : ", ") + word; }
  const std::string& text() const { return text_; }

  void add(const char* verb, const std::vector<MapEntry>& map) {
    if (map.size() == 1) add(verb + (" local-map " + to_string(map.front())));
    if (map.size() > 1) add(std::string(verb) + " " + std::to_string(map.size()) + " local-map entries");
  }

  void add(const Change& change) {
    if (change.remote_prefix6) add("remote-prefix6 " + to_string(*change.remote_prefix6));
    if (change.unset_remote_prefix6) add("no remote-prefix6");
    if (change.lowest_ipv6_mtu) add("lowest-ipv6-mtu " + std::to_string(*change.lowest_ipv6_mtu));
    if (change.icmp_source4) add("icmp-source4 " + to_string(*change.icmp_source4));
    if (change.udp_zero_checksum) add("udp-zero-checksum " + to_string(*change.udp_zero_checksum));
    if (change.map_flush) add("an empty map");
    add("without", change.map_del);
    add("with", change.map_add);
  }

 private:
  std::string text_;
};

}  // namespace

bool Device::operator==(const Device& other) const {
  return name == other.name && mtu == other.mtu && owner == other.owner && up == other.up &&
         difference(other.config, config).empty();
}

std::string Device::describe(Action action, const Device* former) const {
  if (action == Action::kDrop) return "delete device " + name;
  const Device fresh{name, {}, 0, owner, true};
  const Device& from = action == Action::kChange && former ? *former : fresh;
  Words words;
  if (from.owner != owner) words.add(owner.empty() ? "nobody's" : "for " + owner);
  words.add(difference(from.config, config));
  if (from.mtu != mtu) words.add("MTU " + std::to_string(mtu));
  if (from.up != up) words.add(up ? "up" : "down");
  return (action == Action::kPut ? "create device " : "change device ") + name + ": " + words.text();
}

std::vector<Found<Device>> Device::find(const Seen& seen, const MadeResources& made) {
  std::vector<Found<Device>> found;
  for (const auto& link : seen.links) {
    if (link.kind != "ipxlat") continue;
    Device device{link.name, link.config.value_or(DeviceConfig{}), link.mtu, owner_of(link.alias), link.up};
    const bool unmarked = link.alias.empty() && made.contains(device.key());
    if (link.ours() || unmarked) found.push_back({std::move(device), true});
  }
  return found;
}

}  // namespace ipxlat
