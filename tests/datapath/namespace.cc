// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "tests/datapath/command.h"

namespace ipxlat::test {
namespace {

int made(const std::string& name) {
  run_or_throw({"ip", "netns", "add", name});
  return open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
}

}  // namespace

Namespace::Visit::Visit(int fd) : before_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "ns/net") {
  require(setns(fd, CLONE_NEWNET), "enter a network namespace");
}

Namespace::Visit::~Visit() { setns(before_.get(), CLONE_NEWNET); }

Namespace::Namespace(std::string name) : name_(std::move(name)), fd_(made(name_), name_.c_str()) {}

Namespace::~Namespace() { run({"ip", "netns", "del", name_}); }

bool set_sysctl(const std::string& name, const std::string& value) {
  int fd = open(("/proc/sys/" + name).c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool done = write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size());
  close(fd);
  return done;
}

}  // namespace ipxlat::test
