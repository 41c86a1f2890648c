// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <exception>
#include <random>

#include "tests/datapath/fuzzer.h"

namespace ipxlat::test {
namespace {

constexpr const char* kUsage =
    "usage: datapath_fuzzer [OPTION...] DIRECTORY\n"
    "Sends packets made from the vectors of the directory through ipxlat devices, in every way a packet can\n"
    "come, while the devices change, come and go. Needs root on a machine that is there for it.\n"
    "  --seconds N   time to run, 60 unless given\n"
    "  --seed N      the packets of the run that said so\n"
    "  --first N     number of the first packet, 0 unless given\n"
    "  --packets N   at most so many\n"
    "  --source NAME that way only\n"
    "  --calm        change nothing meanwhile\n"
    "Exit status 0: nothing found, 1: something was, 2: it could not run.\n";

uint64_t random_seed() { return std::random_device()() % 1000000000; }

bool read_number(const char* text, uint64_t& out) {
  int length = 0;
  return std::sscanf(text, "%" SCNu64 "%n", &out, &length) == 1 && !text[length];
}

// False after a mistake.
bool read_options(int argc, char** argv, FuzzOptions& options) {
  static const option kOptions[] = {{"seconds", required_argument, nullptr, 's'},
                                    {"seed", required_argument, nullptr, 'r'},
                                    {"first", required_argument, nullptr, 'f'},
                                    {"packets", required_argument, nullptr, 'p'},
                                    {"source", required_argument, nullptr, 'o'},
                                    {"calm", no_argument, nullptr, 'c'},
                                    {}};
  options.seed = random_seed();
  bool good = true;
  for (int which; (which = getopt_long(argc, argv, "", kOptions, nullptr)) >= 0 && good;) {
    if (which == 's') good = read_number(optarg, options.seconds);
    if (which == 'r') good = read_number(optarg, options.seed);
    if (which == 'f') good = read_number(optarg, options.first);
    if (which == 'p') good = read_number(optarg, options.packets);
    if (which == 'o') options.source = optarg;
    if (which == 'c') options.calm = true;
    if (which == '?') return false;
    if (!good) std::fprintf(stderr, "datapath_fuzzer: '%s' is not a number\n", optarg);
  }
  if (!good || optind + 1 != argc) return false;
  options.vectors = argv[optind];
  return true;
}

}  // namespace
}  // namespace ipxlat::test

int main(int argc, char** argv) {
  ipxlat::test::FuzzOptions options;
  if (!ipxlat::test::read_options(argc, argv, options)) {
    std::fputs(ipxlat::test::kUsage, stderr);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::printf("datapath_fuzzer: --seed %" PRIu64 "\n", options.seed);
    std::fflush(stdout);
    return ipxlat::test::Fuzzer(options).run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::printf("datapath_fuzzer: %s\n", error.what());
    return 2;
  }
}
