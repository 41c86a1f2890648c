// SPDX-License-Identifier: GPL-2.0-only
// Devices by generic netlink.
#ifndef IPXLAT_LIB_NETLINK_H
#define IPXLAT_LIB_NETLINK_H

#include <memory>

#include "lib/devices.h"
#include "lib/genl_socket.h"

namespace ipxlat {

class DeviceMonitor;
class LinkMonitor;

// Whether this is the family of include/uapi/linux/ipxlat.h, and not one of the same name that a kernel
// brings along.
bool is_ours(const GenlFamily& family);

class NetlinkDevices final : public Devices {
 public:
  // Makes the kernel load the module if it is installed. ENOENT: there is none. EPROTONOSUPPORT: the kernel
  // has another one of that name. To be opened anew when the module was unloaded and loaded again. The
  // network namespace is the caller's at this moment.
  static Result<std::unique_ptr<NetlinkDevices>> open();

  Result<std::vector<DeviceState>> list() override;
  Result<DeviceState> get(const std::string& ifname) override;
  Result<std::vector<MapEntry>> get_map(const std::string& ifname) override;
  Result<void> change(const std::string& ifname, const Change& change) override;
  Result<std::vector<DeviceStats>> list_stats() override;
  Result<DeviceStats> get_stats(const std::string& ifname) override;
  Result<void> watch(const std::function<bool(const DeviceEvent&)>& seen) override;

 private:
  NetlinkDevices(GenlSocket socket, uint16_t family);
  Result<std::vector<DeviceEvent>> read_events(DeviceMonitor& settings, LinkMonitor& links,
                                               KnownDevices& known);

  GenlSocket socket_;
  uint16_t family_;
};

// Announced changes, for an event loop.
class DeviceMonitor {
 public:
  // ENOENT as above.
  static Result<DeviceMonitor> open();

  // Never blocks; empty when nothing has arrived. ENOBUFS: changes were lost, so look at everything.
  Result<std::vector<DeviceState>> read();

  // Readable when read() has something; owned by the monitor.
  int fd() const { return socket_.fd(); }

 private:
  explicit DeviceMonitor(GenlSocket socket);

  GenlSocket socket_;
};

}  // namespace ipxlat

#endif
