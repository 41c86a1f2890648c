// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/kernel_watch.h"

#include <fstream>

namespace ipxlat::test {
namespace {

// include/linux/panic.h: died, bad page (KASAN's), warned, locked up; not that the module is out of tree
constexpr uint64_t kComplaints = 1u << 7 | 1u << 5 | 1u << 9 | 1u << 14;

uint64_t read_taint() {
  uint64_t taint = 0;
  std::ifstream("/proc/sys/kernel/tainted") >> taint;
  return taint & kComplaints;
}

}  // namespace

KernelWatch::KernelWatch() : taint_(read_taint()) {}

bool KernelWatch::has_complained() const { return read_taint() != taint_; }

void KernelWatch::mark(const std::string& line) { std::ofstream("/dev/kmsg") << "<7>" << line << std::endl; }

}  // namespace ipxlat::test
