// SPDX-License-Identifier: GPL-2.0-only
// Notices that somebody has changed the settings of a device, across the unloading and loading of the module.
#ifndef IPXLAT_DAEMON_KERNEL_DEVICE_WATCH_H
#define IPXLAT_DAEMON_KERNEL_DEVICE_WATCH_H

#include "daemon/kernel/source.h"
#include "lib/genl_socket.h"

namespace ipxlat {

class DeviceWatch final : public Source {
 public:
  // Whether the module is loaded or not.
  static Result<DeviceWatch> open();

  int fd() const override { return socket_.fd(); }
  bool read(Knowledge& knowledge, Time now) override;

 private:
  explicit DeviceWatch(GenlSocket socket) : socket_(std::move(socket)) {}
  void join();

  GenlSocket socket_;
};

}  // namespace ipxlat

#endif
