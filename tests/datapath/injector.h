// SPDX-License-Identifier: GPL-2.0-only
// Sends vectors through a device as forwarded traffic and looks at what becomes of them.
#ifndef IPXLAT_TESTS_DATAPATH_INJECTOR_H
#define IPXLAT_TESTS_DATAPATH_INJECTOR_H

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "lib/devices.h"
#include "tests/datapath/capture.h"
#include "tests/datapath/tap.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {

// Interfaces of this namespace. The tap's ingress leads into the device; a translated packet has its
// route over the link of its family.
struct Topology {
  std::string device;
  std::string tap;
  std::string link4;
  std::string link6;
};

class Injector {
 public:
  // std::runtime_error, here and below: the kernel refuses something.
  explicit Injector(const Topology& topology);

  // False if the tap cannot carry such a packet or have such an MTU.
  static bool can_inject(const Vector& vector);

  // How the packets are laid out that follow. `cloned`: someone else holds each of them while it is
  // translated, and must not see it change.
  void lay_out(Memory memory, bool cloned);

  // Empty, or what was wrong.
  std::string run(const Vector& vector);

 private:
  using Counters = std::map<std::string, uint64_t>;

  void configure(const Vector& vector);
  Counters counters();
  std::string wait_for_count(const Vector& vector);
  std::string received(const Vector& vector);
  std::string held(const Vector& vector);

  std::unique_ptr<Devices> devices_;
  Link device_;
  Tap tap_;
  Link link4_;
  Link link6_;
  Capture capture_;
  std::optional<Capture> holder_;
  Memory memory_ = Memory::kLinear;
  DeviceConfig config_;
  Counters counters_;  // before the next packet
};

}  // namespace ipxlat::test

#endif
