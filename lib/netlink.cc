// SPDX-License-Identifier: GPL-2.0-only
#include "lib/netlink.h"

#include <poll.h>

#include <cerrno>
#include <cstring>

#include "lib/link_monitor.h"
#include "lib/module_facts.h"

namespace ipxlat {
namespace {

// how often a dump that a change disturbed is asked for again
constexpr int kDumpAttempts = 100;

NetlinkError missing_family(NetlinkError error) {
  if (error.code == ENOENT) error.text = why_missing(read_module_facts());
  return error;
}

// The same error in words that name the device.
NetlinkError about(const std::string& ifname, NetlinkError error) {
  if (error.code == ENODEV)
    error.text = "no device '" + ifname + "'";
  else if (error.code == EOPNOTSUPP)
    error.text = "device '" + ifname + "' is not of kind ipxlat";
  else if (error.code == EPERM)
    error.text = "changing settings needs CAP_NET_ADMIN";
  return error;
}

// Asks as often as it takes for an answer of one moment; `restart` forgets what a dump had given.
template <class Restart>
Result<void> request_steady(GenlSocket& socket, Message message, const GenlSocket::Handler& handler,
                            Restart restart) {
  for (int attempt = 1;; ++attempt) {
    restart();
    auto done = socket.request(message, handler);
    if (done || done.error().code != EINTR || attempt == kDumpAttempts) return done;
  }
}

// All answers to a request, each by `parse`.
template <class T>
Result<std::vector<T>> collect(GenlSocket& socket, Message message, Result<T> (*parse)(const nlmsghdr*)) {
  std::vector<T> all;
  auto keep = [&](const nlmsghdr* answer) -> Result<void> {
    auto parsed = parse(answer);
    if (!parsed) return parsed.error();
    all.push_back(std::move(*parsed));
    return {};
  };
  auto done = request_steady(socket, std::move(message), keep, [&] { all.clear(); });
  if (!done) return done.error();
  return all;
}

template <class T>
Result<T> collect_one(GenlSocket& socket, Message message, Result<T> (*parse)(const nlmsghdr*),
                      const std::string& ifname) {
  auto all = collect(socket, std::move(message), parse);
  if (!all) return about(ifname, all.error());
  if (all->size() != 1) return NetlinkError{EBADMSG, "the kernel's answer is empty"};
  return std::move(all->front());
}

// A name that the kernel would refuse as an attribute is the name of no device.
Result<void> check_name(const std::string& ifname) {
  if (!ifname.empty() && ifname.size() < 16) return {};
  return about(ifname, {ENODEV, {}});
}

// What has arrived; `lost` becomes true where some of it was not.
template <class Monitor>
auto read_through(Monitor& monitor, bool& lost) {
  for (;;) {
    auto arrived = monitor.read();
    if (arrived || arrived.error().code != ENOBUFS) return arrived;
    lost = true;
  }
}

Result<GenlFamily> our_family(GenlSocket& socket) {
  auto family = socket.resolve(IPXLAT_GENL_NAME);
  if (!family) return missing_family(family.error());
  if (!is_ours(*family))
    return NetlinkError{
        EPROTONOSUPPORT,
        "this kernel has another ipxlat, which these programs do not know: modinfo ipxlat says "
        "which modules there are, and rmmod ipxlat makes room"};
  return family;
}

}  // namespace

bool is_ours(const GenlFamily& family) {
  return family.version == IPXLAT_GENL_VERSION && family.groups.contains(IPXLAT_MCGRP_CONFIG);
}

NetlinkDevices::NetlinkDevices(GenlSocket socket, uint16_t family)
    : socket_(std::move(socket)), family_(family) {}

Result<std::unique_ptr<NetlinkDevices>> NetlinkDevices::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  auto family = our_family(*socket);
  if (!family) return family.error();
  return std::unique_ptr<NetlinkDevices>(new NetlinkDevices(std::move(*socket), family->id));
}

Result<std::vector<DeviceState>> NetlinkDevices::list() {
  return collect(socket_, make_device_get(family_, {}), parse_device);
}

Result<DeviceState> NetlinkDevices::get(const std::string& ifname) {
  if (auto good = check_name(ifname); !good) return good.error();
  return collect_one(socket_, make_device_get(family_, ifname), parse_device, ifname);
}

Result<std::vector<MapEntry>> NetlinkDevices::get_map(const std::string& ifname) {
  if (auto good = check_name(ifname); !good) return good.error();
  auto parts = collect(socket_, make_map_get(family_, ifname), parse_map_part);
  if (!parts) return about(ifname, parts.error());
  std::vector<MapEntry> map;
  for (const MapPart& part : *parts) map.insert(map.end(), part.entries.begin(), part.entries.end());
  return map;
}

Result<void> NetlinkDevices::change(const std::string& ifname, const Change& change) {
  if (auto good = check_name(ifname); !good) return good;
  Message message = make_device_set(family_, ifname, change);
  auto done = socket_.request(message);
  if (done) return done;
  NetlinkError error = about(ifname, done.error());
  if (error.offset) error.map_entry = map_add_at(message, *error.offset);
  return error;
}

Result<std::vector<DeviceStats>> NetlinkDevices::list_stats() {
  return collect(socket_, make_stats_get(family_, {}), parse_stats);
}

Result<DeviceStats> NetlinkDevices::get_stats(const std::string& ifname) {
  if (auto good = check_name(ifname); !good) return good.error();
  return collect_one(socket_, make_stats_get(family_, ifname), parse_stats, ifname);
}

Result<std::vector<DeviceEvent>> NetlinkDevices::read_events(DeviceMonitor& settings, LinkMonitor& links,
                                                             KnownDevices& known) {
  bool lost = false;
  // links first: what is said of the settings of one that is gone has arrived before
  auto moved = read_through(links, lost);
  if (!moved) return moved.error();
  auto changed = read_through(settings, lost);
  if (!changed) return changed.error();
  if (lost) {
    auto all = list();
    if (!all) return all.error();
    return known.lost(*all);
  }
  std::vector<DeviceEvent> events;
  auto add = [&](std::vector<DeviceEvent> more) { events.insert(events.end(), more.begin(), more.end()); };
  for (const LinkEvent& link : *moved)
    if (!link.gone) add(known.link(link));
  for (const DeviceState& device : *changed) add(known.changed(device));
  for (const LinkEvent& link : *moved)
    if (link.gone) add(known.link(link));
  return events;
}

Result<void> NetlinkDevices::watch(const std::function<bool(const DeviceEvent&)>& seen) {
  auto settings = DeviceMonitor::open();
  if (!settings) return settings.error();
  auto links = LinkMonitor::open();
  if (!links) return links.error();
  auto first = list();
  if (!first) return first.error();
  KnownDevices known(*first);
  for (;;) {
    pollfd poll_for[] = {{settings->fd(), POLLIN, 0}, {links->fd(), POLLIN, 0}};
    if (poll(poll_for, 2, -1) < 0 && errno != EINTR)
      return NetlinkError{errno, std::string("cannot wait for changes: ") + std::strerror(errno)};
    auto events = read_events(*settings, *links, known);
    if (!events) return events.error();
    for (const DeviceEvent& event : *events)
      if (!seen(event)) return {};
  }
}

DeviceMonitor::DeviceMonitor(GenlSocket socket) : socket_(std::move(socket)) {}

Result<DeviceMonitor> DeviceMonitor::open() {
  auto socket = GenlSocket::open();
  if (!socket) return socket.error();
  auto family = our_family(*socket);
  if (!family) return family.error();
  if (auto joined = socket->join(family->groups.at(IPXLAT_MCGRP_CONFIG)); !joined) return joined.error();
  return DeviceMonitor(std::move(*socket));
}

Result<std::vector<DeviceState>> DeviceMonitor::read() {
  std::vector<DeviceState> changes;
  for (;;) {
    auto received = socket_.receive([&](const nlmsghdr* message) -> Result<void> {
      auto device = parse_device(message);
      if (!device) return device.error();
      changes.push_back(std::move(*device));
      return {};
    });
    if (received) continue;
    if (received.error().code == EAGAIN) return changes;
    if (received.error().code == ENOBUFS)
      return NetlinkError{ENOBUFS, "changes came faster than they were read, and some were lost"};
    return received.error();
  }
}

}  // namespace ipxlat
