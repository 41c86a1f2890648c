// SPDX-License-Identifier: GPL-2.0-only
// Interfaces of a network namespace, by their names, and what passes them.
#ifndef IPXLAT_TESTS_DATAPATH_LINK_H
#define IPXLAT_TESTS_DATAPATH_LINK_H

#include <optional>
#include <string>

#include "tests/datapath/file_descriptor.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// Interfaces that come and go.
class Interfaces {
 public:
  // Those of this thread's namespace, whatever it does afterwards. std::system_error.
  Interfaces();

  // 0: there is none.
  int index(const std::string& name) const;

  // The Ethernet address; empty if there is no such interface.
  Bytes address(const std::string& name) const;

  // False if the kernel refuses, here and below. `mtu` in bytes.
  bool set_mtu(const std::string& name, int mtu) const;
  bool set_up(const std::string& name, bool up) const;

  // `command` is one of those of ethtool that switch an offload: ETHTOOL_STSO and the like.
  bool set_offload(const std::string& name, unsigned command, bool on) const;

 private:
  FileDescriptor socket_;
};

// An interface that stays.
class Link {
 public:
  // std::system_error: there is none, here and below.
  explicit Link(std::string name);

  const std::string& name() const { return name_; }
  int index() const;
  Bytes address() const;
  void set_mtu(uint32_t mtu);
  void disable_gro();

 private:
  Interfaces all_;
  std::string name_;
  uint32_t mtu_ = 0;  // as it was set, zero before
};

// Attaches to a TUN or TAP interface, which is made if there is none. `flags`: IFF_TUN and the like.
// std::system_error.
FileDescriptor open_tun(const std::string& name, int flags);

// From nobody's address. `destination`: 6 bytes.
Bytes ethernet_header(const Bytes& destination, Family family);

// The type of Ethernet for packets of the family.
uint16_t ether_type(Family family);

// A packet socket on an interface.
class Capture {
 public:
  // What the interface sends (the socket then holds a clone of what a device translates), or what it
  // receives.
  enum class Direction { kSent, kReceived };

  // std::system_error, here and below.
  Capture(const Link& link, Direction direction);

  // The next packet from its network header on, or none within `milliseconds`.
  std::optional<Bytes> next(int milliseconds);

 private:
  FileDescriptor socket_;
  Direction direction_;
  Bytes room_ = Bytes(1 << 17);  // for one packet
};

}  // namespace ipxlat::test

#endif
