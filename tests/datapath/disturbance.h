// SPDX-License-Identifier: GPL-2.0-only
// A process of its own that disturbs arenas, at the pace that the fuzzer gives.
#ifndef IPXLAT_TESTS_DATAPATH_DISTURBANCE_H
#define IPXLAT_TESTS_DATAPATH_DISTURBANCE_H

#include <sys/types.h>

#include <memory>
#include <vector>

#include "tests/datapath/arena.h"
#include "tests/datapath/corpus.h"

namespace ipxlat::test {

class Disturbance {
 public:
  // std::runtime_error.
  Disturbance(const std::vector<std::unique_ptr<Arena>>& arenas, const Corpus& corpus, uint64_t seed);
  Disturbance(const Disturbance&) = delete;
  Disturbance& operator=(const Disturbance&) = delete;
  ~Disturbance();

  // Lets it take one step more, while the caller goes on. std::runtime_error: it has ended.
  void prod();

  // Steps taken.
  uint64_t steps() const;

 private:
  struct Shared;

  Shared* shared_;  // with the process
  pid_t process_ = 0;
  std::unique_ptr<FileDescriptor> prods_;  // a byte for each step; its end ends the process
};

}  // namespace ipxlat::test

#endif
