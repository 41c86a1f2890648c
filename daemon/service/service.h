// SPDX-License-Identifier: GPL-2.0-only
// The running daemon: reconciles at start, when something changes, when told to, and again after a failure.
#ifndef IPXLAT_DAEMON_SERVICE_SERVICE_H
#define IPXLAT_DAEMON_SERVICE_SERVICE_H

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/kernel/kernel.h"
#include "daemon/kernel/watch.h"
#include "daemon/service/reconciler.h"
#include "daemon/service/state_dir.h"

struct sd_event;
struct sd_event_source;
struct signalfd_siginfo;

namespace ipxlat {

class Service {
 public:
  using Files = std::function<std::vector<std::filesystem::path>()>;

  // `files` names the configuration's files at each (re)load. std::runtime_error, ConfigError.
  Service(Kernel& kernel, StateDir& state, Watch& watch, const SipKey& secret, Files files);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Until SIGTERM or SIGINT, then takes everything away. std::runtime_error if the kernel cannot be read at
  // the start. The exit status.
  int run();

 private:
  struct Unref {
    void operator()(sd_event* loop) const;
    void operator()(sd_event_source* source) const;
  };
  using Source = std::unique_ptr<sd_event_source, Unref>;

  static int on_signal(sd_event_source*, const signalfd_siginfo* info, void* self);
  static int on_change(sd_event_source*, int fd, uint32_t events, void* self);
  static int on_device_change(sd_event_source*, int fd, uint32_t events, void* self);
  static int on_timer(sd_event_source*, uint64_t now, void* self);

  void catch_signals();
  void watch_kernel();
  void watch_devices();
  void reconcile();
  void reload();
  void reconcile_within(std::chrono::microseconds delay);
  void tell_systemd(const std::vector<Report>& reports);

  StateDir& state_;
  Watch& watch_;
  Files files_;
  Reconciler reconciler_;
  std::unique_ptr<sd_event, Unref> loop_;
  std::vector<Source> sources_;
  Source timer_;
  std::optional<DeviceMonitor> monitor_;
  Source monitor_source_;
  std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::time_point::max();
  std::chrono::microseconds
      pause_{};  // between two readings, so that a busy network is not read all the time
};

}  // namespace ipxlat

#endif
