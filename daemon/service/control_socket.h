// SPDX-License-Identifier: GPL-2.0-only
// The daemon's end of lib/conversation.h.
#ifndef IPXLAT_DAEMON_SERVICE_CONTROL_SOCKET_H
#define IPXLAT_DAEMON_SERVICE_CONTROL_SOCKET_H

#include <filesystem>
#include <functional>
#include <string>

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

  // Does what somebody asks for, and answers.
  void serve(const std::function<Result<void>(const std::string& request)>& answer);

 private:
  std::filesystem::path path_;
  int socket_ = -1;
};

}  // namespace ipxlat

#endif
