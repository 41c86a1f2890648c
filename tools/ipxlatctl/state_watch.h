// SPDX-License-Identifier: GPL-2.0-only
// Waits for what becomes of a file that is replaced whole.
#ifndef IPXLAT_TOOLS_IPXLATCTL_STATE_WATCH_H
#define IPXLAT_TOOLS_IPXLATCTL_STATE_WATCH_H

#include <string>

namespace ipxlat::ctl {

class StateWatch {
 public:
  // Of a file that need not be there, in a directory that is. Failure.
  explicit StateWatch(const std::string& file);
  ~StateWatch();
  StateWatch(const StateWatch&) = delete;
  StateWatch& operator=(const StateWatch&) = delete;

  // Until it has been written, replaced or removed since the last time. Failure, also once its directory is
  // gone.
  void wait();

 private:
  std::string file_;
  int inotify_;
};

}  // namespace ipxlat::ctl

#endif
