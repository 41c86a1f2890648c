// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/namespace.h"

#include <fcntl.h>
#include <sched.h>

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

}  // namespace ipxlat::test
