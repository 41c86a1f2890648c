// SPDX-License-Identifier: GPL-2.0-only
// Whether the kernel has found fault with itself.
#ifndef IPXLAT_TESTS_DATAPATH_KERNEL_WATCH_H
#define IPXLAT_TESTS_DATAPATH_KERNEL_WATCH_H

#include <cstdint>
#include <string>

namespace ipxlat::test {

class KernelWatch {
 public:
  KernelWatch();

  // True if it has warned since this was made: WARN, KASAN and UBSAN taint it. (What lockdep says is only in
  // its log.)
  bool has_complained() const;

  // A line in its log, so that a complaint can be told to come after it.
  static void mark(const std::string& line);

 private:
  uint64_t taint_;
};

}  // namespace ipxlat::test

#endif
