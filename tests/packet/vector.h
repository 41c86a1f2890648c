// SPDX-License-Identifier: GPL-2.0-only
// A test vector: a device's settings, a packet in, and what comes out. The files and their grammar are
// in tests/vectors/.
#ifndef IPXLAT_TESTS_PACKET_VECTOR_H
#define IPXLAT_TESTS_PACKET_VECTOR_H

#include <linux/ipxlat.h>

#include <map>
#include <string>
#include <vector>

#include "lib/settings.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// Set-ups that vectors share: settings, and names for hosts.
struct Setup {
  std::vector<std::string> inherited;  // the words of the "set" lines of the set-up it was derived from
  std::vector<std::string> settings;   // and of its own, which come after those
  Hosts hosts;
  Links links;

  // For a test to add lines of its own.
  Setup derived() const;

  // True if the line is one of a set-up: set, host, mtu4 or mtu6.
  bool read_line(Words& words);

  // SyntaxError at `place`, where the settings are used.
  DeviceConfig config(const Place& place) const;
};

using Setups = std::map<std::string, Setup>;

// The file "setups": blocks of "setup NAME" and lines of a set-up. SyntaxError.
Setups read_setups(const std::string& path);

struct Vector {
  Place place;
  std::vector<std::string> ids;  // the requirements that it shows, such as "X-4.1-22"
  std::string title;             // a claim
  DeviceConfig config;
  Links links;
  Packet in;
  ipxlat_reason reason = IPXLAT_REASON_OK;
  std::vector<Packet> out;  // in order; none if it is dropped
};

// "X-4.1" of "X-4.1-22".
std::string section_of(const std::string& id);

// Every vector of a directory's *.vec files, in the order of their names; the directory's file "setups"
// holds the set-ups that they use. SyntaxError; std::runtime_error if there is nothing to read.
std::vector<Vector> read_vectors(const std::string& directory);

}  // namespace ipxlat::test

#endif
