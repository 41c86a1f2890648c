// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "daemon/service/metrics_listener.h"

namespace ipxlat {
namespace {

using testing::HasSubstr;

// A socket on 127.0.0.1.
class Endpoint {
 public:
  explicit Endpoint(uint16_t port = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_.sin_port = htons(port);
  }
  ~Endpoint() { close(socket_); }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // Has a port to itself.
  uint16_t occupy() {
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address_), sizeof address_), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    socklen_t length = sizeof address_;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &length);
    return ntohs(address_.sin_port);
  }
  bool connects() { return connect(socket_, reinterpret_cast<sockaddr*>(&address_), sizeof address_) == 0; }
  std::string get(const std::string& path) {
    if (!connects()) return "nobody listens";
    const std::string request = "GET " + path + " HTTP/1.0\r\n\r\n";
    EXPECT_EQ(write(socket_, request.data(), request.size()), static_cast<ssize_t>(request.size()));
    std::string answer;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(socket_, buffer, sizeof buffer)) > 0;)
      answer.append(buffer, static_cast<size_t>(got));
    return answer;
  }

 private:
  int socket_;
  sockaddr_in address_{};
};

uint16_t free_port() { return Endpoint().occupy(); }

Listen at(uint16_t port) { return parse_listen("127.0.0.1:" + std::to_string(port)); }

// One for each report, and its name in a label.
std::vector<metrics::Family> gather(const std::vector<Report>& reports) {
  metrics::Family counter{"ipxlat_test_bytes", "bytes", metrics::Type::kCounter, "A counter"};
  metrics::Family gauge{"ipxlat_test_state", "", metrics::Type::kGauge, "A gauge", {{{}, reports.size()}}};
  for (const auto& report : reports) counter.samples.push_back({{{"name", report.name}}, 4503599627370497u});
  return {counter, gauge};
}

std::vector<Report> reports_of(const std::vector<std::string>& names) {
  std::vector<Report> reports;
  for (const auto& name : names) reports.emplace_back().name = name;
  return reports;
}

size_t threads() {
  size_t count = 0;
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "Threads:") status >> count;
  return count;
}

TEST(DaemonMetricsListener, serves_what_was_published_last) {
  const uint16_t port = free_port();
  MetricsListener listener(gather);
  listener.want(at(port));
  ASSERT_TRUE(listener.publish(reports_of({"edge"})));
  std::string answer = Endpoint(port).get("/metrics");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("# HELP ipxlat_test_bytes_total A counter\n"
                                "# TYPE ipxlat_test_bytes_total counter\n"
                                "ipxlat_test_bytes_total{name=\"edge\"} 4503599627370497\n"));
  EXPECT_THAT(answer, HasSubstr("# TYPE ipxlat_test_state gauge\nipxlat_test_state 1\n"));
  ASSERT_TRUE(listener.publish(reports_of({"edge", "other"})));
  EXPECT_THAT(Endpoint(port).get("/metrics"), HasSubstr("ipxlat_test_state 2\n"));
  EXPECT_THAT(Endpoint(port).get("/etc/passwd"), HasSubstr(" 404 "));
}

TEST(DaemonMetricsListener, costs_nothing_while_it_is_off) {
  const size_t before = threads();
  MetricsListener listener(gather);
  ASSERT_TRUE(listener.publish({}));
  EXPECT_EQ(threads(), before);
  listener.want(at(free_port()));
  ASSERT_TRUE(listener.publish({}));
  EXPECT_GT(threads(), before);
  listener.want({});
  ASSERT_TRUE(listener.publish({}));
  EXPECT_EQ(threads(), before);
}

TEST(DaemonMetricsListener, moves_and_closes) {
  const uint16_t one = free_port(), two = free_port();
  MetricsListener listener(gather);
  listener.want(at(one));
  ASSERT_TRUE(listener.publish({}));
  listener.want(at(two));
  EXPECT_TRUE(Endpoint(one).connects());  // until the next
  ASSERT_TRUE(listener.publish({}));
  EXPECT_FALSE(Endpoint(one).connects());
  EXPECT_TRUE(Endpoint(two).connects());
  // an address more at the same port
  listener.want(parse_listen("0.0.0.0:" + std::to_string(two)));
  ASSERT_TRUE(listener.publish({}));
  EXPECT_TRUE(Endpoint(two).connects());
  listener.want({});
  ASSERT_TRUE(listener.publish({}));
  EXPECT_FALSE(Endpoint(two).connects());
}

TEST(DaemonMetricsListener, a_busy_port_is_told_and_tried_again) {
  std::optional<Endpoint> other(std::in_place);
  const uint16_t port = other->occupy();
  MetricsListener listener(gather);
  listener.want(at(port));
  for (int again = 0; again < 2; again++) {
    const auto refused = listener.publish({});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, "metrics-listen 127.0.0.1:" + std::to_string(port) +
                                        ": nobody can be served there: Address already in use");
  }
  other.reset();
  EXPECT_TRUE(listener.publish({}));
  EXPECT_TRUE(Endpoint(port).connects());
}

TEST(DaemonMetricsListener, an_address_of_another_host_is_told) {
  MetricsListener listener(gather);
  listener.want(parse_listen("[2001:db8::1]:9464"));
  const auto refused = listener.publish({});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text,
              HasSubstr("metrics-listen [2001:db8::1]:9464: nobody can be served there: "));
}

}  // namespace
}  // namespace ipxlat
