// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"
#include "tests/unit/flows.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;

const Endpoint6 kServer = end6("64:ff9b::203.0.113.9", 80);

class CtlSessions : public testing::Test {
 protected:
  // An instance "edge" on the device nat0, as the state file tells of it.
  void gateway(const DeviceConfig& device, const std::string& mode) {
    kernel_.devices["nat0"] = device;
    std::ofstream(file_)
        << R"({"version": 1, "instances": [{"name": "edge", "kind": "nat64", "device": "nat0",
      "state": "on", "pref64": "64:ff9b::/96", "mode": ")"
        << mode << "\"}]}";
  }
  // With its second flow as the third word says, if it has one.
  void client(const std::string& address, uint16_t port, const char* as = "203.0.113.2") {
    const auto inside = end6("64:ff9b:1:fffe::198.18.0.7", port);
    kernel_.flows6.push_back(outbound(IPPROTO_UDP, end6(address, port), kServer, inside));
    if (as)
      kernel_.flows4.push_back(
          outbound(IPPROTO_UDP, end4("198.18.0.7", port), end4("203.0.113.9", 80), end4(as, port)));
  }
  Outcome sessions(std::vector<std::string> words = {}) {
    words.insert(words.begin(), "sessions");
    return run_words(kernel_, words, {}, file_);
  }
  nlohmann::json rows(std::vector<std::string> words = {}) {
    words.push_back("--json");
    const auto outcome = sessions(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }
  // How many sessions there are.
  size_t count(std::vector<std::string> words) { return rows(std::move(words)).size(); }

  FakeKernel kernel_;
  std::string file_ = testing::TempDir() + "ctl_sessions_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(CtlSessions, both_flows_of_a_masquerading_gateway_are_one_row) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000);
  kernel_.flows6[0].left = 299;
  const auto outcome = sessions();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "instance  protocol  client                          public                 remote                 "
      "state\n"
      "edge      udp       [2001:db8:1::11]:40000          203.0.113.2:40000      203.0.113.9:80         "
      "answered, 299 s left\n");
}

TEST_F(CtlSessions, each_row_has_the_second_flow_of_its_own) {
  gateway(masquerading_device(), "masquerade");
  for (uint16_t port = 1; port <= 5; port++)
    client("2001:db8:1::11", port, ("192.0.2." + std::to_string(port)).c_str());
  const auto json = rows();
  ASSERT_EQ(json.size(), 5u);
  for (size_t i = 0; i < 5; i++) EXPECT_EQ(json[i]["public"], "192.0.2." + std::to_string(i + 1));
}

TEST_F(CtlSessions, a_session_whose_second_flow_is_gone_has_no_public_address) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000, nullptr);
  EXPECT_FALSE(rows()[0].contains("public"));
  EXPECT_THAT(sessions().out,
              HasSubstr("[2001:db8:1::11]:40000          -                      203.0.113.9:80"));
}

TEST_F(CtlSessions, in_pool_mode_one_flow_is_enough_and_no_other_is_asked_for) {
  gateway(pool_device(), "pool");
  kernel_.flows6.push_back(outbound(IPPROTO_TCP, end6("2001:db8:1::11", 40000), kServer,
                                    end6("64:ff9b:1:fffe::203.0.113.17", 1024)));
  const auto json = rows();
  EXPECT_EQ(json[0]["public"], "203.0.113.17");
  EXPECT_EQ(json[0]["public_port"], 1024);
  EXPECT_EQ(kernel_.asked, 0u);
}

TEST_F(CtlSessions, without_a_state_file_the_device_alone_tells) {
  kernel_.devices["nat0"] = pool_device();
  kernel_.flows6.push_back(outbound(IPPROTO_TCP, end6("2001:db8:1::11", 40000), kServer,
                                    end6("64:ff9b:1:fffe::203.0.113.17", 1024)));
  auto json = rows();
  EXPECT_EQ(json[0]["instance"], "nat0");
  EXPECT_EQ(json[0]["public"], "203.0.113.17");
  kernel_.devices["nat0"] = masquerading_device();
  kernel_.flows6.clear();
  client("2001:db8:1::11", 40000);
  EXPECT_EQ(rows()[0]["public"], "203.0.113.2");
}

TEST_F(CtlSessions, all_that_is_known_of_a_session_is_in_json) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000);
  auto& flow = kernel_.flows6[0];
  flow.original.protocol = flow.reply.protocol = IPPROTO_TCP;
  kernel_.flows4[0].original.protocol = kernel_.flows4[0].reply.protocol = IPPROTO_TCP;
  flow.tcp_state = 3;
  flow.left = 7439;
  flow.began = 1795695831123000000;  // 12 s before now
  flow.original_counts = {5, 400};
  flow.reply_counts = {4, 320};
  EXPECT_EQ(rows(), nlohmann::json::parse(R"([{"instance": "edge", "protocol": "tcp",
    "client": "2001:db8:1::11", "client_port": 40000, "public": "203.0.113.2", "public_port": 40000,
    "remote": "203.0.113.9", "remote_port": 80, "state": "established", "inbound": false, "left": 7439,
    "age": 12, "packets_out": 5, "bytes_out": 400, "packets_in": 4, "bytes_in": 320}])"));
  EXPECT_THAT(sessions().out, HasSubstr("established, 7439 s left, 12 s old, out 5 packets 400 bytes, "
                                        "in 4 packets 320 bytes\n"));
}

TEST_F(CtlSessions, an_echo_has_an_identifier_and_no_remote_port) {
  gateway(masquerading_device(), "masquerade");
  kernel_.flows6.push_back(outbound(IPPROTO_ICMPV6, end6("2001:db8:1::11", 77),
                                    end6("64:ff9b::203.0.113.9", 77),
                                    end6("64:ff9b:1:fffe::198.18.0.7", 78)));
  kernel_.flows4.push_back(
      outbound(IPPROTO_ICMP, end4("198.18.0.7", 78), end4("203.0.113.9", 78), end4("203.0.113.2", 79)));
  const auto json = rows();
  EXPECT_EQ(json[0]["protocol"], "icmp");
  EXPECT_EQ(json[0]["client_port"], 77);
  EXPECT_EQ(json[0]["public_port"], 79);
  EXPECT_FALSE(json[0].contains("remote_port"));
}

TEST_F(CtlSessions, a_service_is_told_as_inbound_with_its_traffic_the_right_way_round) {
  gateway(masquerading_device(), "masquerade");
  kernel_.flows6.push_back(inbound(IPPROTO_TCP, end6("64:ff9b::203.0.113.9", 5000),
                                   end6("64:ff9b:1:fffe::198.19.255.255", 80), end6("2001:db8::5", 8080)));
  kernel_.flows6[0].original_counts = {1, 60};
  kernel_.flows4.push_back(
      inbound(IPPROTO_TCP, end4("203.0.113.9", 5000), end4("203.0.113.2", 80), end4("198.19.255.255", 80)));
  const auto row = rows()[0];
  EXPECT_EQ(row["client"], "2001:db8::5");
  EXPECT_EQ(row["client_port"], 8080);
  EXPECT_EQ(row["public"], "203.0.113.2");
  EXPECT_EQ(row["public_port"], 80);
  EXPECT_EQ(row["remote_port"], 5000);
  EXPECT_EQ(row["inbound"], true);
  EXPECT_EQ(row["packets_in"], 1);
}

TEST_F(CtlSessions, states_have_the_words_of_tcp_or_say_whether_there_was_an_answer) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000);
  kernel_.flows6[0].status = 0;
  EXPECT_EQ(rows()[0]["state"], "unanswered");
  kernel_.flows6[0].tcp_state = 2;
  EXPECT_EQ(rows()[0]["state"], "syn-received");
  kernel_.flows6[0].tcp_state = 200;
  EXPECT_EQ(rows()[0]["state"], "unanswered");
  kernel_.flows6[0].status = IPS_SEEN_REPLY | IPS_OFFLOAD;
  EXPECT_EQ(rows()[0]["state"], "offloaded");
}

TEST_F(CtlSessions, a_client_a_port_and_a_protocol_choose) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000);
  client("2001:db8:1::12", 40001);
  client("2001:db8:2::11", 40002);
  EXPECT_EQ(count({"--client", "2001:db8:1::11"}), 1u);
  EXPECT_EQ(count({"--client", "2001:db8:1::/64"}), 2u);
  EXPECT_EQ(count({"--port", "40002"}), 1u);
  EXPECT_EQ(count({"--port", "80"}), 3u);
  EXPECT_EQ(count({"--port", "40002", "--client", "2001:db8:1::/64"}), 0u);
  EXPECT_EQ(count({"--protocol", "udp"}), 3u);
  EXPECT_EQ(count({"--protocol", "tcp"}), 0u);
  kernel_.flows4[0].reply.destination.port = 50000;
  EXPECT_EQ(count({"--port", "50000"}), 1u);
  // whom nobody asked for is not looked up
  kernel_.asked = 0;
  count({"--client", "2001:db8:1::11"});
  EXPECT_EQ(kernel_.asked, 1u);
}

TEST_F(CtlSessions, other_flows_are_none_of_it) {
  gateway(masquerading_device(), "masquerade");
  kernel_.flows6.push_back(
      outbound(IPPROTO_TCP, end6("2001:db8:1::11", 1), end6("2001:db8::9", 80), end6("2001:db8:1::11", 1)));
  EXPECT_EQ(sessions().out, "no sessions\n");
  EXPECT_EQ(sessions({"-j"}).out, "[]\n");
}

TEST_F(CtlSessions, an_instance_is_chosen_by_its_name) {
  gateway(masquerading_device(), "masquerade");
  client("2001:db8:1::11", 40000);
  EXPECT_EQ(count({"edge"}), 1u);
  EXPECT_EQ(sessions({"nat0"}).err, "ipxlatctl: no NAT64 instance 'nat0' (there are: edge)\n");
  kernel_.devices["siit0"] = pool_device();
  std::ofstream(file_)
      << R"({"version": 1, "instances": [{"name": "dc", "kind": "siit", "device": "siit0"}]})";
  EXPECT_EQ(sessions({"dc"}).err, "ipxlatctl: no NAT64 instance 'dc' (there are: nat0)\n");
}

TEST_F(CtlSessions, the_state_file_of_another_namespace_is_not_believed) {
  gateway(masquerading_device(), "pool");
  kernel_.devices["nat0"].settings.remote_prefix6 = parse_prefix6("2001:db8:64::/96");
  kernel_.flows6.push_back(outbound(IPPROTO_UDP, end6("2001:db8:1::11", 1),
                                    end6("2001:db8:64::203.0.113.9", 80),
                                    end6("64:ff9b:1:fffe::198.18.0.7", 1)));
  kernel_.flows4.push_back(
      outbound(IPPROTO_UDP, end4("198.18.0.7", 1), end4("203.0.113.9", 80), end4("203.0.113.2", 1)));
  EXPECT_EQ(rows()[0]["instance"], "nat0");
  EXPECT_EQ(rows()[0]["public"], "203.0.113.2");
}

TEST_F(CtlSessions, what_is_missing_is_told) {
  EXPECT_EQ(sessions().err,
            "ipxlatctl: there is no NAT64 in this network namespace (a device with remote-prefix6 and "
            "local-map)\n");
  gateway(masquerading_device(), "masquerade");
  kernel_.no_tracker = tracker_error(EPERM, "read");
  EXPECT_EQ(sessions().err,
            "ipxlatctl: connection tracking entries cannot be read: CAP_NET_ADMIN is missing\n");
  EXPECT_EQ(sessions().status, 1);
  EXPECT_EQ(tracker_error(EINVAL, "read").text,
            "connection tracking entries cannot be read: this kernel lacks module nf_conntrack_netlink");
  std::ofstream(file_) << "{}";
  EXPECT_EQ(sessions().err, "ipxlatctl: " + file_ + ": not a state file of ipxlatd\n");
  std::ofstream(file_) << R"({"version": 1, "instances": [1]})";
  EXPECT_EQ(sessions().err, "ipxlatctl: " + file_ + ": not a state file of ipxlatd\n");
}

TEST_F(CtlSessions, wrong_words_are_refused) {
  gateway(masquerading_device(), "masquerade");
  EXPECT_EQ(sessions({"--client", "192.0.2.1"}).status, 2);
  EXPECT_THAT(sessions({"--client", "192.0.2.1"}).err,
              HasSubstr("--client: '192.0.2.1' is not an IPv6 address"));
  EXPECT_THAT(sessions({"--client", "2001:db8::1/64"}).err, HasSubstr("2001:db8::/64 would be allowed"));
  EXPECT_EQ(sessions({"--port", "0"}).status, 2);
  EXPECT_EQ(sessions({"--port", "65536"}).status, 2);
  EXPECT_THAT(sessions({"--protocol", "sctp"}).err, HasSubstr("tcp"));
}

}  // namespace
}  // namespace ipxlat::ctl
