// SPDX-License-Identifier: GPL-2.0-only
// A router with a translating device, a peer that answers, and every way by which packets get from the one
// into the other:
//
//     ports ------------------------.
//     tc and nftables at ports ---. |
//     sockets of the gate -----. | |
//                              v v v
//                gate:         x0 --- wire ======== wire         :far
//                              ^       |
//                              `-------' what comes in by the wire
//
// The gate routes what it receives into x0, and what comes out of x0 onto the wire. far takes whatever
// arrives for its own, so that answers and errors come back.
#ifndef IPXLAT_TESTS_DATAPATH_ARENA_H
#define IPXLAT_TESTS_DATAPATH_ARENA_H

#include <memory>
#include <vector>

#include "lib/devices.h"
#include "lib/settings.h"
#include "tests/datapath/command.h"
#include "tests/datapath/link.h"
#include "tests/datapath/ports.h"

namespace ipxlat::test {

// Gives an arena back what was taken away from it.
class Repairer {
 public:
  // The namespaces of an arena, whose links have been made once. std::system_error, here and below.
  Repairer(const Namespace& gate, const Namespace& far);

  // Makes everything be as it should be; what is so already stays.
  void repair();

  // For commands of others in the two namespaces.
  Batch& gate_ip() { return gate_ip_; }
  Batch& far_ip() { return far_ip_; }

 private:
  const Namespace& gate_;
  Interfaces interfaces_;
  Batch gate_ip_;
  Batch far_ip_;
  int device_ = 0;  // number of the device that tc and nftables know
};

class Arena {
 public:
  static constexpr const char* kDevice = "x0";
  static constexpr const char* kOtherDevice = "x1";  // a disturbance may make it
  static constexpr const char* kWire = "wire";       // in both namespaces

  // `nat`: connection tracking and NAT stand on both sides of the device. std::runtime_error.
  Arena(std::string name, bool nat);

  const std::string& name() const { return name_; }
  bool nat() const { return nat_; }
  const Namespace& gate() const { return gate_; }
  const Namespace& far() const { return far_; }
  const std::vector<SourcePtr>& sources() const { return sources_; }

  // The devices of the gate. std::runtime_error.
  std::unique_ptr<Devices> open_devices() const;

 private:
  void make_links();
  void open_sources();

  std::string name_;
  bool nat_;
  Namespace gate_;
  Namespace far_;
  std::vector<SourcePtr> sources_;
};

// A configuration for an arena with NAT.
DeviceConfig nat_config();

// The map entries of the gate's own addresses, from which it makes TCP connections; nothing if they do not
// fit to the map.
void add_gate_addresses(DeviceConfig& config);

}  // namespace ipxlat::test

#endif
