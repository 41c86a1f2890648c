// SPDX-License-Identifier: GPL-2.0-only
// ip as a server: it takes commands for as long as it lives, since starting a program takes long in a
// kernel that checks everything.
#ifndef IPXLAT_TESTS_DATAPATH_BATCH_H
#define IPXLAT_TESTS_DATAPATH_BATCH_H

#include <sys/types.h>

#include <memory>
#include <string>

#include "tests/datapath/file_descriptor.h"

namespace ipxlat::test {

class Batch {
 public:
  // Works in the named namespace, where loopback must be. std::system_error, here and below.
  explicit Batch(const std::string& space);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();

  // Runs commands, a line each, and returns when all have been run; one that fails does not stop the others.
  void run(const std::string& lines);

 private:
  std::unique_ptr<FileDescriptor> commands_;
  std::unique_ptr<FileDescriptor> answers_;
  pid_t process_ = 0;
};

}  // namespace ipxlat::test

#endif
