// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_TESTS_DATAPATH_FILE_DESCRIPTOR_H
#define IPXLAT_TESTS_DATAPATH_FILE_DESCRIPTOR_H

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace ipxlat::test {

// Owns a file descriptor.
class FileDescriptor {
 public:
  // `fd` as a system call returned it; std::system_error with `what` if it failed.
  FileDescriptor(int fd, const char* what) : fd_(fd) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), what);
  }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }

  int get() const { return fd_; }

 private:
  int fd_;
};

// std::system_error with `what` if `result` is negative.
inline void require(long result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace ipxlat::test

#endif
