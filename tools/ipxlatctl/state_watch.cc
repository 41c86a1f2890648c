// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/state_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>

#include "tools/ipxlatctl/context.h"

namespace ipxlat::ctl {

StateWatch::StateWatch(const std::string& file) : file_(file), inotify_(inotify_init1(IN_CLOEXEC)) {
  auto directory = std::filesystem::path(file).parent_path();
  if (directory.empty()) directory = ".";
  const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
  if (inotify_ >= 0 && inotify_add_watch(inotify_, directory.c_str(), events) >= 0) return;
  const int code = errno;
  if (inotify_ >= 0) close(inotify_);
  throw Failure(directory.string() + " cannot be watched: " + std::strerror(code));
}

StateWatch::~StateWatch() { close(inotify_); }

void StateWatch::wait() {
  const std::string name = std::filesystem::path(file_).filename();
  for (;;) {
    alignas(inotify_event) std::array<char, sizeof(inotify_event) + NAME_MAX + 1> buffer;
    const ssize_t length = read(inotify_, buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) throw Failure(file_ + " cannot be watched: " + std::strerror(errno));
    bool meant = false;
    for (ssize_t at = 0; at < length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(&buffer[static_cast<size_t>(at)]);
      if (event->mask & IN_IGNORED) throw Failure("the directory of " + file_ + " is gone");
      meant |= event->mask & IN_Q_OVERFLOW || (event->len > 0 && name == event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
    if (meant) return;
  }
}

}  // namespace ipxlat::ctl
