// SPDX-License-Identifier: GPL-2.0-only
// Serves metrics over HTTP to whoever asks, in Prometheus's text format. While it listens it has threads of
// its own (prometheus-cpp's), which share nothing with the daemon's but a copy of the reports; else it costs
// nothing.
#ifndef IPXLAT_DAEMON_SERVICE_METRICS_LISTENER_H
#define IPXLAT_DAEMON_SERVICE_METRICS_LISTENER_H

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/config/listen.h"
#include "daemon/metrics/family.h"
#include "daemon/plan/report.h"
#include "lib/result.h"

namespace prometheus {
class Exposer;
}

namespace ipxlat {

class MetricsListener {
 public:
  // Called by those threads, one at a time or several at once.
  using Gather = std::function<std::vector<metrics::Family>(const std::vector<Report>&)>;

  explicit MetricsListener(Gather gather);
  ~MetricsListener();
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;

  // Where it shall listen from the next publish() on, if anywhere.
  void want(std::optional<Listen> where) { wanted_ = where; }

  // These are the instances from now on. Listens where it shall and does not yet: the error says why it
  // cannot.
  Result<void> publish(const std::vector<Report>& reports);

 private:
  struct Scrape;

  std::optional<Listen> wanted_;
  std::optional<Listen> open_;
  std::shared_ptr<Scrape> scrape_;
  std::unique_ptr<prometheus::Exposer> exposer_;  // in front of scrape_ when things end
};

}  // namespace ipxlat

#endif
