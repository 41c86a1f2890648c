// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_KERNEL_SOURCE_H
#define IPXLAT_DAEMON_KERNEL_SOURCE_H

#include <optional>

#include "daemon/plan/knowledge.h"
#include "daemon/plan/time.h"

namespace ipxlat {

// Where news come from. An interface, so that a test can make them up.
class Source {
 public:
  virtual ~Source() = default;

  // Readable when there are news; the same for the source's life, and owned by it.
  virtual int fd() const = 0;

  // Takes what has arrived, perhaps not all of it at once, and never waits. What was lost counts as news.
  // True: they are a reason to look at the kernel.
  virtual bool read(Knowledge& knowledge, Time now) = 0;

  // When read() is to be called though nothing has arrived.
  virtual std::optional<Time> deadline() const { return std::nullopt; }
};

}  // namespace ipxlat

#endif
