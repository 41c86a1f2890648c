// SPDX-License-Identifier: GPL-2.0-only
// One daemon a network namespace: an abstract Unix socket of one name, since such names belong to the network
// namespace and are gone with the process that has them, however it ends.
#ifndef IPXLAT_LIB_NAMESPACE_LOCK_H
#define IPXLAT_LIB_NAMESPACE_LOCK_H

#include <string>

#include "lib/result.h"

namespace ipxlat {

class NamespaceLock {
 public:
  // The one of ipxlatd. Tests have others.
  static constexpr const char* kDaemon = "ipxlatd";

  // Of the network namespace of this thread; held as long as the object lives. EADDRINUSE: another process
  // has it.
  static Result<NamespaceLock> take(const std::string& name = kDaemon);

  // Whether some process has it in the network namespace of this thread.
  static Result<bool> taken(const std::string& name = kDaemon);

  NamespaceLock(const NamespaceLock&) = delete;
  NamespaceLock(NamespaceLock&& other) noexcept;
  NamespaceLock& operator=(const NamespaceLock&) = delete;
  NamespaceLock& operator=(NamespaceLock&&) = delete;
  ~NamespaceLock();

 private:
  explicit NamespaceLock(int socket) : socket_(socket) {}

  int socket_;
};

}  // namespace ipxlat

#endif
