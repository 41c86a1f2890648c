// SPDX-License-Identifier: GPL-2.0-only
// Waits for what the service has to do: sources, its time, signals, requests.
#ifndef IPXLAT_DAEMON_SERVICE_EVENT_LOOP_H
#define IPXLAT_DAEMON_SERVICE_EVENT_LOOP_H

#include <memory>
#include <vector>

#include "daemon/service/control_socket.h"
#include "daemon/service/service.h"

struct sd_event;

namespace ipxlat {

class EventLoop {
 public:
  // From now on SIGTERM, SIGINT and SIGHUP wait for a loop, and end no program that is still starting.
  static void hold_signals();

  // All outlive the loop. After hold_signals(). std::runtime_error.
  EventLoop(Service& service, const std::vector<Source*>& sources, ControlSocket& control);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Until SIGTERM or SIGINT. std::runtime_error.
  void run();

 private:
  struct Handlers;

  std::unique_ptr<Handlers> handlers_;
};

}  // namespace ipxlat

#endif
