// SPDX-License-Identifier: GPL-2.0-only
// Sessions in the connection tracker of a real kernel: how they are read, and what the mapping log hears of
// them.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/conntrack/event_filter.h"
#include "daemon/service/log.h"
#include "daemon/service/mapping_log.h"
#include "lib/gateway.h"
#include "lib/tracker.h"
#include "tests/unit/daemon_fake_clock.h"
#include "tests/unit/daemon_nat64_config.h"
#include "tests/unit/daemon_scratch.h"
#include "tests/unit/daemon_world.h"
#include "tests/unit/flow_message.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

using nlohmann::json;

// Puts flows into the kernel's table, and takes them out.
class Table {
 public:
  Table() : socket_(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC)) {
    mnl_socket_bind(socket_, 0, MNL_SOCKET_AUTOPID);
    clear();
  }
  ~Table() {
    clear();
    mnl_socket_close(socket_);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  template <class Address>
  void put(Flow<Address> flow) {
    flow.left = 600;
    flow.status |= IPS_CONFIRMED;
    send(FlowMessage(flow), NLM_F_CREATE | NLM_F_EXCL);
  }
  template <class Address>
  void drop(const Flow<Address>& flow) {
    send(FlowMessage(flow, IPCTNL_MSG_CT_DELETE), 0);
  }
  static void clear() { EXPECT_EQ(std::system("conntrack -F 2>/dev/null"), 0); }

 private:
  void send(const FlowMessage& message, int flags) {
    std::vector<uint8_t> bytes = message.bytes();
    auto* header = reinterpret_cast<nlmsghdr*>(bytes.data());
    header->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    mnl_socket_sendto(socket_, bytes.data(), bytes.size());
    std::array<uint8_t, 4096> answer;
    ASSERT_GT(mnl_socket_recvfrom(socket_, answer.data(), answer.size()), 0);
    int code;
    std::memcpy(&code, NLMSG_DATA(answer.data()), sizeof code);
    ASSERT_EQ(code, 0) << std::strerror(-code);
  }

  mnl_socket* socket_;
};

Flow6 six(uint16_t port, const std::string& inside = "64:ff9b:1:fffe::198.18.0.7") {
  return outbound(IPPROTO_UDP, end6("2001:db8::1", port), end6("64:ff9b::203.0.113.9", 53),
                  end6(inside, port));
}
Flow4 four(uint16_t port) {
  return outbound(IPPROTO_UDP, end4("198.18.0.7", port), end4("203.0.113.9", 53), end4("203.0.113.2", port));
}
Flow6 echo6() {
  return outbound(IPPROTO_ICMPV6, end6("2001:db8::1", 77), end6("64:ff9b::203.0.113.9", 77),
                  end6("64:ff9b:1:fffe::198.18.0.7", 78));
}
Flow4 echo4() {
  return outbound(IPPROTO_ICMP, end4("198.18.0.7", 78), end4("203.0.113.9", 78), end4("203.0.113.2", 79));
}

class DaemonRealTracker : public testing::TestWithParam<int> {
 protected:
  Table table_;
  std::unique_ptr<NetlinkTracker> tracker_ = std::move(*NetlinkTracker::open());
};

TEST_P(DaemonRealTracker, all_flows_of_a_family_are_visited_a_part_at_a_time) {
  for (uint16_t port = 1; port <= 500; port++) table_.put(six(port));
  table_.put(four(1));
  std::vector<uint16_t> ports;
  size_t parts = 0;
  ASSERT_TRUE(tracker_->visit6([&](const std::vector<Flow6>& flows) -> Result<void> {
    parts++;
    for (const auto& flow : flows) ports.push_back(flow.original.source.port);
    return {};
  }));
  std::sort(ports.begin(), ports.end());
  ASSERT_EQ(ports.size(), 500u);
  for (uint16_t i = 0; i < 500; i++) EXPECT_EQ(ports[i], i + 1);
  EXPECT_GT(parts, 1u);
  size_t of_four = 0;
  ASSERT_TRUE(tracker_->visit4([&](const std::vector<Flow4>& flows) -> Result<void> {
    of_four += flows.size();
    return {};
  }));
  EXPECT_EQ(of_four, 1u);
}

TEST_P(DaemonRealTracker, a_visit_that_fails_leaves_the_tracker_of_use) {
  for (uint16_t port = 1; port <= 500; port++) table_.put(six(port));
  const auto visited =
      tracker_->visit6([](const std::vector<Flow6>&) -> Result<void> { return NetlinkError{EIO, "enough"}; });
  ASSERT_FALSE(visited);
  EXPECT_EQ(visited.error().text, "enough");
  size_t found = 0;
  EXPECT_TRUE(tracker_->visit6([&](const std::vector<Flow6>& flows) -> Result<void> {
    found += flows.size();
    return {};
  }));
  EXPECT_EQ(found, 500u);
}

TEST_P(DaemonRealTracker, each_second_flow_is_found_by_the_first_and_only_those_that_are_there) {
  const Gateway gateway("edge", GatewayMode::kMasquerade, masquerading_device());
  std::vector<Tuple4> tuples;
  for (uint16_t port = 1; port <= 100; port++) {
    tuples.push_back(tuple_of(gateway.session(six(port))->between));
    if (port % 3) table_.put(four(port));
  }
  tuples.push_back(tuple_of(gateway.session(echo6())->between));
  table_.put(echo4());
  const auto found = tracker_->find(tuples);
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->size(), 101u);
  for (uint16_t port = 1; port <= 100; port++) {
    const auto& flow = (*found)[port - 1u];
    ASSERT_EQ(flow.has_value(), port % 3 != 0) << port;
    EXPECT_TRUE(!flow || flow->reply.destination.port == port);
  }
  ASSERT_TRUE(found->back());
  EXPECT_EQ(gateway.leg(*found->back())->outside.port, 79);
}

TEST_P(DaemonRealTracker, what_the_remote_end_began_is_found_by_its_reply) {
  const Gateway gateway("edge", GatewayMode::kMasquerade, masquerading_device());
  table_.put(
      inbound(IPPROTO_TCP, end4("203.0.113.9", 5000), end4("203.0.113.2", 80), end4("198.19.255.255", 80)));
  const auto session =
      gateway.session(inbound(IPPROTO_TCP, end6("64:ff9b::203.0.113.9", 5000),
                              end6("64:ff9b:1:fffe::198.19.255.255", 80), end6("2001:db8::5", 80)));
  const auto found = tracker_->find({tuple_of(session->between)});
  ASSERT_TRUE(found && found->front());
  EXPECT_EQ(to_string(gateway.leg(*found->front())->outside.address), "203.0.113.2");
}

class DaemonRealMappings : public testing::TestWithParam<int> {
 protected:
  DaemonRealMappings() {
    set_up_log("off");
    masquerading_.log = {MappingLogKind::kSessions, false, (directory_ / "log.json").string()};
    pool_ = masquerading_;
    pool_.mode = Nat64Mode::kPool;
    pool_.pool4 = {parse_prefix4("203.0.113.16/28")};
    pool_.pool6 = {internal6(pool_.pool4[0])};
  }

  void begin(uint16_t port) {
    table_.put(six(port));
    table_.put(four(port));
  }

  bool readable() const {
    pollfd waits{log_.fd(), POLLIN, 0};
    return poll(&waits, 1, 0) == 1;
  }
  // Everything that there is to read, and what is due later.
  void read() {
    Knowledge knowledge;
    while (readable()) log_.read(knowledge, clock_.now());
    clock_.time += std::chrono::minutes(1);
    if (log_.deadline() && *log_.deadline() <= clock_.now()) log_.read(knowledge, clock_.now());
  }
  // All lines in the file.
  std::vector<json> lines() const {
    std::vector<json> all;
    std::ifstream in(directory_ / "log.json");
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    return all;
  }
  // "begin 2001:db8::1 1 203.0.113.2 1"
  std::vector<std::string> told() {
    read();
    std::vector<std::string> words;
    for (const auto& line : lines())
      words.push_back(line["event"].get<std::string>() + " " + line.value("client", "") + " " +
                      std::to_string(line.value("client_port", 0)) + " " + line.value("public", "") + " " +
                      std::to_string(line.value("public_port", 0)));
    std::filesystem::resize_file(directory_ / "log.json", 0);
    return words;
  }

  ScratchDirectory directory_;
  Table table_;
  FakeClock clock_;
  MappingLog log_{clock_};
  Nat64Config masquerading_ = nat64_config();
  Nat64Config pool_;
};

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

size_t open_files() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) count++;
  return count;
}

TEST_P(DaemonRealMappings, where_nobody_wants_a_log_nothing_is_open_and_nothing_heard) {
  const size_t before = open_files();
  log_.use({nat64_config()});
  EXPECT_EQ(open_files(), before);
  begin(1);
  EXPECT_FALSE(readable());
  log_.use({masquerading_});
  EXPECT_GT(open_files(), before);
  log_.use({nat64_config()});
  EXPECT_EQ(open_files(), before);
  begin(2);
  EXPECT_FALSE(readable());
}

TEST_P(DaemonRealMappings, beginnings_and_ends_of_masqueraded_sessions_are_told) {
  log_.use({masquerading_});
  begin(1);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 203.0.113.2 1"));
  table_.put(echo6());
  table_.put(echo4());
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 77 203.0.113.2 79"));
  table_.drop(six(1));
  table_.drop(echo4());
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 203.0.113.2 1", "end 2001:db8::1 77 203.0.113.2 79"));
  table_.clear();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(DaemonRealMappings, in_pool_mode_one_flow_tells_all) {
  log_.use({pool_});
  const Flow6 flow = six(1, "64:ff9b:1:fffe::203.0.113.17");
  table_.put(flow);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 203.0.113.17 1"));
  table_.drop(flow);
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 203.0.113.17 1"));
}

TEST_P(DaemonRealMappings, of_a_client_with_a_block_the_first_session_alone_is_told) {
  Nat64Config blocks = blocks_config();
  blocks.log = {MappingLogKind::kBlocks, false, masquerading_.log.file};
  const auto flow = [](const char* client, uint16_t port) {
    return outbound(IPPROTO_UDP, end6(client, port), end6("64:ff9b::203.0.113.9", 53),
                    end6("64:ff9b:1:fffe::203.0.113.16", port));
  };
  table_.put(flow("2001:db8:1:10::1", 2000));
  log_.use({blocks});
  // "event client first-last"
  const auto told = [&] {
    read();
    std::vector<std::string> words;
    for (const auto& line : lines())
      words.push_back(line["event"].get<std::string>() + " " + line.value("client", "") + " " +
                      std::to_string(line.value("first_port", 0)));
    std::filesystem::resize_file(directory_ / "log.json", 0);
    return words;
  };
  EXPECT_THAT(told(), ElementsAre("blocks  0", "block 2001:db8:1:10::/64 1024")) << "who was there";
  table_.put(flow("2001:db8:1:11::1", 20000));
  table_.put(flow("2001:db8:1:11::1", 20001));
  EXPECT_THAT(told(), ElementsAre("block 2001:db8:1:11::/64 17152"));
  table_.clear();
  EXPECT_THAT(told(), IsEmpty());
  table_.put(flow("2001:db8:1:11::1", 20000));
  EXPECT_THAT(told(), IsEmpty());
  log_.use({blocks});
  EXPECT_THAT(told(), ElementsAre("blocks  0", "block 2001:db8:1:11::/64 17152")) << "a file of its own";
}

TEST_P(DaemonRealMappings, flows_of_others_wake_nobody) {
  log_.use({masquerading_});
  table_.put(outbound(IPPROTO_UDP, end6("2001:db8::1", 1), end6("2001:db8::9", 53), end6("2001:db8::1", 1)));
  table_.put(outbound(IPPROTO_UDP, end4("10.0.0.1", 2), end4("203.0.113.9", 53), end4("203.0.113.2", 2)));
  EXPECT_FALSE(readable());
  begin(1);
  EXPECT_TRUE(readable());
}

TEST_P(DaemonRealMappings, what_was_there_before_the_log_ends_and_does_not_begin) {
  begin(1);
  log_.use({masquerading_});
  EXPECT_THAT(told(), IsEmpty());
  ASSERT_TRUE(log_.deadline()) << "Linux need not tell of its end";
  table_.clear();
  clock_.time = *log_.deadline();
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 203.0.113.2 1"));
  EXPECT_FALSE(log_.deadline());
}

TEST_P(DaemonRealMappings, a_reload_keeps_what_is_known_and_opens_the_file_anew) {
  log_.use({masquerading_});
  begin(1);
  EXPECT_EQ(told().size(), 1u);
  std::filesystem::rename(directory_ / "log.json", directory_ / "log.json.1");
  log_.use({masquerading_});
  table_.clear();
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 203.0.113.2 1"));
}

TEST_P(DaemonRealMappings, a_log_that_cannot_be_had_changes_nothing) {
  log_.use({masquerading_});
  Nat64Config wrong = masquerading_;
  wrong.log.file = "/nonexistent/log.json";
  EXPECT_THROW(log_.use({wrong}), std::runtime_error);
  begin(1);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 203.0.113.2 1"));
}

constexpr uint16_t kMany = 10000;  // more than there is room for

TEST_P(DaemonRealMappings, every_event_is_told_or_counted_as_lost) {
  log_.use({pool_});
  for (uint16_t port = 1; port <= kMany; port++) table_.put(six(port, "64:ff9b:1:fffe::203.0.113.17"));
  read();
  size_t begun = 0;
  uint64_t lost = 0;
  for (const auto& line : lines()) {
    begun += line["event"] == "begin";
    lost += line.value("events", uint64_t{0});
  }
  EXPECT_GT(lost, 0u);
  EXPECT_GT(begun, 0u);
  EXPECT_EQ(begun + lost, uint64_t{kMany});
  // the loss is over
  table_.put(six(kMany + 1, "64:ff9b:1:fffe::203.0.113.17"));
  told();
  table_.drop(six(kMany + 1, "64:ff9b:1:fffe::203.0.113.17"));
  EXPECT_EQ(told().size(), 1u);
}

TEST_P(DaemonRealMappings, sessions_whose_beginning_was_lost_are_told_when_the_table_is_read) {
  log_.use({masquerading_});
  for (uint16_t port = 1; port <= kMany; port++) begin(port);
  read();
  std::vector<int> begun(kMany + 1);
  bool lost = false;
  for (const auto& line : lines()) {
    lost |= line["event"] == "lost";
    if (line["event"] == "begin") begun[line["client_port"]]++;
  }
  EXPECT_TRUE(lost);
  EXPECT_EQ(std::count(begun.begin(), begun.end(), 1), kMany);
}

TEST_P(DaemonRealMappings, the_room_for_events_grows_with_each_loss) {
  auto events = conntrack::Events::open(conntrack::event_filter({parse_prefix6("64:ff9b::/96")}, {}), 16384);
  ASSERT_TRUE(events);
  const auto room = [&] {
    int bytes = 0;
    socklen_t length = sizeof bytes;
    getsockopt(events->fd(), SOL_SOCKET, SO_RCVBUF, &bytes, &length);
    return bytes;
  };
  const int before = room();
  EXPECT_EQ(events->read([](bool, const nlmsghdr*) {}), 0u);
  for (uint16_t port = 1; port <= 200; port++) table_.put(six(port));
  size_t heard = 0;
  const auto lost = events->read([&](bool begins, const nlmsghdr*) { heard += begins; });
  EXPECT_GT(lost, 0u);
  EXPECT_EQ(heard + lost, 200u);
  EXPECT_EQ(room(), 2 * before);
  EXPECT_EQ(events->read([](bool, const nlmsghdr*) {}), 0u);
  EXPECT_EQ(room(), 2 * before);
}

INSTANTIATE_TEST_SUITE_P(Real, DaemonRealTracker, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealTracker);
INSTANTIATE_TEST_SUITE_P(Real, DaemonRealMappings, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealMappings);

}  // namespace
}  // namespace ipxlat
