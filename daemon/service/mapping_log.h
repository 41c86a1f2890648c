// SPDX-License-Identifier: GPL-2.0-only
// Which client has which public address and port, as sessions of NAT64 instances begin and end. Where no
// instance wants a log nothing is listened to.
#ifndef IPXLAT_DAEMON_SERVICE_MAPPING_LOG_H
#define IPXLAT_DAEMON_SERVICE_MAPPING_LOG_H

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/conntrack/events.h"
#include "daemon/kernel/source.h"
#include "daemon/service/clock.h"
#include "daemon/service/mapping_join.h"
#include "daemon/service/mapping_writer.h"

namespace ipxlat {

class MappingLog final : public Source {
 public:
  // Where events were lost the table is read, a while after that, and now and then as long as there are
  // sessions of before the log.
  static constexpr std::chrono::seconds kAfterLoss{1};
  static constexpr std::chrono::minutes kNowAndThen{10};

  // The clock outlives the log.
  explicit MappingLog(const Clock& clock);
  ~MappingLog() override;
  MappingLog(const MappingLog&) = delete;
  MappingLog& operator=(const MappingLog&) = delete;

  // From now on those of these instances that want a log, whose files are opened anew. std::runtime_error if
  // one cannot be had, and everything stays as it was.
  void use(const std::vector<Nat64Config>& instances);

  // Of an epoll, which holds the socket while there is one.
  int fd() const override { return waiting_; }
  // Never a reason to look at the kernel.
  bool read(Knowledge& knowledge, Time now) override;
  std::optional<Time> deadline() const override { return look_at_; }

 private:
  struct Logged;

  void listen(const std::vector<const Nat64Config*>& instances);
  void take(bool begins, const nlmsghdr* message, uint64_t time);
  void look(Time now);

  const Clock& clock_;
  int waiting_;
  std::optional<conntrack::Events> events_;
  std::vector<std::unique_ptr<Logged>> logged_;
  std::optional<Time> look_at_;
};

}  // namespace ipxlat

#endif
