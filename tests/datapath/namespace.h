// SPDX-License-Identifier: GPL-2.0-only
// A network namespace that is there as long as its owner.
#ifndef IPXLAT_TESTS_DATAPATH_NAMESPACE_H
#define IPXLAT_TESTS_DATAPATH_NAMESPACE_H

#include <string>

#include "tests/datapath/file_descriptor.h"

namespace ipxlat::test {

class Namespace {
 public:
  // A new one with a name, as "ip netns" makes it. std::runtime_error: it cannot be made, or is there.
  explicit Namespace(std::string name);
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  ~Namespace();

  const std::string& name() const { return name_; }

  // What `action` returns, run by this thread inside: sockets it opens stay there.
  template <class Action>
  auto inside(Action action) const {
    Visit visit(fd_.get());
    return action();
  }

 private:
  class Visit {
   public:
    explicit Visit(int fd);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit();

   private:
    FileDescriptor before_;
  };

  std::string name_;
  FileDescriptor fd_;
};

// Sets a value below /proc/sys, in this thread's network namespace. False if the kernel refuses or there is
// no such name.
bool set_sysctl(const std::string& name, const std::string& value);

}  // namespace ipxlat::test

#endif
