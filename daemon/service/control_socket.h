// SPDX-License-Identifier: GPL-2.0-only
// How `ipxlatd --reload` asks the daemon of a directory to reload, and hears what came of it.
#ifndef IPXLAT_DAEMON_SERVICE_CONTROL_SOCKET_H
#define IPXLAT_DAEMON_SERVICE_CONTROL_SOCKET_H

#include <filesystem>
#include <functional>

#include "lib/result.h"

namespace ipxlat {

class ControlSocket {
 public:
  // In a directory of this daemon alone; its owner may ask. std::runtime_error.
  explicit ControlSocket(const std::filesystem::path& directory);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  // Readable when somebody asks.
  int fd() const { return socket_; }

  // Does it for one who asks, and answers.
  void serve(const std::function<Result<void>()>& reload);

 private:
  std::filesystem::path path_;
  int socket_ = -1;
};

// Returns when it is done. The error is the daemon's, or that there is none.
Result<void> ask_to_reload(const std::filesystem::path& directory);

}  // namespace ipxlat

#endif
