// SPDX-License-Identifier: GPL-2.0-only
// Set-ups that vectors share: settings, and names for hosts.
#ifndef IPXLAT_TESTS_PACKET_SETUP_H
#define IPXLAT_TESTS_PACKET_SETUP_H

#include <istream>
#include <map>
#include <string>
#include <vector>

#include "tests/packet/vector.h"

namespace ipxlat::test {

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

// Lines of a vector file: comments and blank lines are left out, a line that starts with a blank
// continues the one before it.
struct Line {
  Place place;
  std::string text;
};

// std::runtime_error if the file cannot be read.
std::vector<Line> read_lines(const std::string& path);

}  // namespace ipxlat::test

#endif
