// SPDX-License-Identifier: GPL-2.0-only
// Programs that set the network up: ip, tc, nft.
#ifndef IPXLAT_TESTS_DATAPATH_COMMAND_H
#define IPXLAT_TESTS_DATAPATH_COMMAND_H

#include <sys/types.h>

#include <string>
#include <vector>

namespace ipxlat::test {

struct Streams {
  int in;
  int out;
  int error;
};

// Starts a program of the PATH with these descriptors for its streams. std::system_error if it cannot.
pid_t start(std::vector<std::string> words, const Streams& streams);

struct Ended {
  bool good = false;   // exit status 0
  std::string output;  // both streams
};

// Runs a program to its end, with `input` as its standard input. std::system_error as above.
Ended run(const std::vector<std::string>& words, const std::string& input = {});

// The same; std::runtime_error with its output if it fails.
void run_or_throw(const std::vector<std::string>& words, const std::string& input = {});

}  // namespace ipxlat::test

#endif
