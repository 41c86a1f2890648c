// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/metrics_listener.h"

#include <netinet/in.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

namespace ipxlat {
namespace {

prometheus::MetricFamily converted(const metrics::Family& family) {
  prometheus::MetricFamily to;
  to.name = family.sample_name();  // as this text format has it
  to.help = family.help;
  const bool counts = family.type == metrics::Type::kCounter;
  to.type = counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  for (const metrics::Sample& sample : family.samples) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
    (counts ? metric.counter.value : metric.gauge.value) = static_cast<double>(sample.value);
    to.metric.push_back(std::move(metric));
  }
  return to;
}

NetlinkError cannot(const Listen& where, int code, const std::string& why) {
  return {code, "metrics-listen " + to_string(where) + ": nobody can be served there: " + why};
}

// What the system says of it, of which prometheus-cpp tells nothing.
Result<void> try_to_bind(const Listen& where) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  const auto* address6 = std::get_if<Prefix6>(&where.address);
  if (address6)
    six = {AF_INET6, htons(where.port), 0, address6->address, 0};
  else
    four = {AF_INET, htons(where.port), std::get<Prefix4>(where.address).address, {}};
  const auto* address = address6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
  const int socket = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (socket >= 0) setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket >= 0 && address6) setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const bool done = socket >= 0 && bind(socket, address, address6 ? sizeof six : sizeof four) == 0 &&
                    listen(socket, 1) == 0;
  const int code = errno;
  if (socket >= 0) close(socket);
  if (!done) return cannot(where, code, std::strerror(code));
  return {};
}

}  // namespace

struct MetricsListener::Scrape final : prometheus::Collectable {
  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<Report> now;
    {
      const std::lock_guard lock(mutex);
      now = reports;
    }
    std::vector<prometheus::MetricFamily> all;
    for (const auto& family : gather(now)) all.push_back(converted(family));
    return all;
  }

  Gather gather;
  mutable std::mutex mutex;
  std::vector<Report> reports;
};

MetricsListener::MetricsListener(Gather gather) : scrape_(std::make_shared<Scrape>()) {
  scrape_->gather = std::move(gather);
}

MetricsListener::~MetricsListener() = default;

Result<void> MetricsListener::publish(const std::vector<Report>& reports) {
  {
    const std::lock_guard lock(scrape_->mutex);
    scrape_->reports = reports;
  }
  if (open_ == wanted_) return {};
  exposer_.reset();
  open_.reset();
  if (!wanted_) return {};
  if (auto done = try_to_bind(*wanted_); !done) return done;
  try {
    // a client that is slow holds one of two threads, for as long as this
    const std::vector<std::string> options = {
        "listening_ports", to_string(*wanted_), "num_threads", "2", "request_timeout_ms", "5000"};
    exposer_ = std::make_unique<prometheus::Exposer>(options);
    exposer_->RegisterCollectable(scrape_);
  } catch (const std::exception& error) {
    exposer_.reset();
    // it can be bound, so it is the server that cannot
    if (std::holds_alternative<Prefix6>(wanted_->address))
      return cannot(*wanted_, EAFNOSUPPORT, "the civetweb of this system, which serves them, has no IPv6");
    return cannot(*wanted_, EIO, error.what());
  }
  open_ = wanted_;
  return {};
}

}  // namespace ipxlat
