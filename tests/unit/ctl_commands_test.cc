// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

MapEntry entry(const char* prefix4, const char* prefix6) {
  return {parse_prefix4(prefix4), parse_prefix6(prefix6)};
}

class CtlCommand : public testing::Test {
 protected:
  CtlCommand() {
    auto& clat = kernel_.devices["clat0"];
    clat.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
    clat.map = {entry("192.0.0.1/32", "2001:db8::1/128")};
    kernel_.devices["fresh"];
  }

  Outcome run(std::vector<std::string> words, const std::string& input = {}) {
    return run_words(kernel_, std::move(words), input);
  }

  // In a file of the test's own directory.
  std::string write(const std::string& text) {
    std::string path = testing::TempDir() + "ctl_commands_" +
                       testing::UnitTest::GetInstance()->current_test_info()->name() + ".txt";
    std::ofstream(path) << text;
    return path;
  }

  FakeKernel kernel_;
};

TEST_F(CtlCommand, ShowPrintsEveryDevice) {
  auto shown = run({"show"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.out,
            "clat0: configured\n"
            "    remote-prefix6 64:ff9b::/96 local-map 1 entry\n"
            "    lowest-ipv6-mtu 1280 icmp-source4 192.0.0.8 udp-zero-checksum compute\n"
            "fresh: not configured, drops everything\n"
            "    remote-prefix6 none local-map 0 entries\n"
            "    lowest-ipv6-mtu 1280 icmp-source4 192.0.0.8 udp-zero-checksum compute\n");
}

TEST_F(CtlCommand, NoCommandIsShow) {
  EXPECT_EQ(run({}).out, run({"show"}).out);
  EXPECT_EQ(run({"--json"}).out, run({"show", "--json"}).out);
}

TEST_F(CtlCommand, ShowAsJson) {
  auto shown = json::parse(run({"show", "clat0", "--json"}).out);
  EXPECT_EQ(shown, json::parse(R"([{"ifindex": 7, "ifname": "clat0", "configured": true,
      "remote_prefix6": "64:ff9b::/96", "lowest_ipv6_mtu": 1280, "icmp_source4": "192.0.0.8",
      "udp_zero_checksum": "compute", "map_entries": 1}])"));
  EXPECT_TRUE(json::parse(run({"show", "fresh", "--json"}).out)[0]["remote_prefix6"].is_null());
}

TEST_F(CtlCommand, ANameThatIsNotUtf8IsStillJson) {
  kernel_.devices["a\xff"];
  EXPECT_TRUE(json::accept(run({"show", "--json"}).out));
}

TEST_F(CtlCommand, SetMakesOneChange) {
  EXPECT_EQ(
      run({"set", "fresh", "remote-prefix6", "64:ff9b::/96", "local-map", "10.0.0.0/8", "2001:db8::/104"})
          .status,
      0);
  ASSERT_EQ(kernel_.changes.size(), 1u);
  EXPECT_EQ(kernel_.devices["fresh"].settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_THAT(kernel_.devices["fresh"].map, testing::ElementsAre(entry("10.0.0.0/8", "2001:db8::/104")));
}

TEST_F(CtlCommand, AKernelsRefusalIsShownAsItCame) {
  kernel_.refusal = NetlinkError{EINVAL, "remote-prefix6: bits behind the length must be zero"};
  auto refused = run({"set", "clat0", "remote-prefix6", "64:ff9b::1/96"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.err, "ipxlatctl: remote-prefix6: bits behind the length must be zero\n");
  EXPECT_EQ(refused.out, "");
}

TEST_F(CtlCommand, ARefusedEntryOfSeveralIsNamed) {
  kernel_.refusal = NetlinkError{EEXIST, "twice", std::nullopt, 1};
  auto refused =
      run({"set", "clat0", "local-map", "10.0.0.1/32", "::5/128", "local-map", "10.0.0.1/32", "::6/128"});
  EXPECT_EQ(refused.err, "ipxlatctl: local-map 10.0.0.1/32 ::6/128: twice\n");
  EXPECT_EQ(run({"set", "clat0", "local-map", "10.0.0.1/32", "::5/128"}).status, 1);
}

TEST_F(CtlCommand, MissingDeviceModuleAndPrivilegeAreOneSentenceEach) {
  for (std::vector<std::string> words : {std::vector<std::string>{"show", "none0"},
                                         {"set", "none0", "lowest-ipv6-mtu", "1280"},
                                         {"map", "show", "none0"},
                                         {"map", "add", "none0", "10.0.0.1/32", "::5/128"},
                                         {"explain", "none0", "10.0.0.1"},
                                         {"stats", "none0"},
                                         {"save", "none0"}}) {
    auto outcome = run(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.err, "ipxlatctl: no device 'none0'\n") << words[0];
    EXPECT_EQ(outcome.out, "");
  }
  kernel_.refusal = NetlinkError{EPERM, "changing settings needs CAP_NET_ADMIN"};
  EXPECT_EQ(run({"map", "del", "clat0", "10.0.0.1/32", "::5/128"}).err,
            "ipxlatctl: changing settings needs CAP_NET_ADMIN\n");
  kernel_.missing = NetlinkError{ENOENT, "the kernel module is not loaded (modprobe ipxlat)"};
  EXPECT_EQ(run({}).err, "ipxlatctl: the kernel module is not loaded (modprobe ipxlat)\n");
  EXPECT_EQ(run({}).status, 1);
}

TEST_F(CtlCommand, UsageErrorsAreStatusTwoAndAskTheKernelNothing) {
  kernel_.missing = NetlinkError{ENOENT, "must not be asked"};
  for (const auto& [words, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"frob"},
            "'frob' is not a command (allowed: show, set, map, explain, stats, monitor, save, restore, "
            "check, status, sessions, doctor, drain, resume, metrics, emit, import, help)"},
           {{"--frob"}, "'--frob' is not a command (allowed: show, "},
           {{"map", "--json"}, "map needs a command (allowed: add, del, load, show)"},
           {{"help", "frob"}, "'frob' is not a command (allowed: show, "},
           {{"-n"}, "-n needs a network namespace"},
           {{"map", "--netns"}, "--netns needs a network namespace"},
           {{"map"}, "map needs a command (allowed: add, del, load, show)"},
           {{"map", "frob"}, "'frob' is not a command (allowed: add, del, load, show)"},
           {{"set"}, "DEV is required"},
           {{"set", "clat0"}, "SETTING is required"},
           {{"set", "clat0", "mtu", "1280"}, "'mtu' is not a setting (allowed: "},
           {{"set", "clat0", "remote-prefix6"}, "remote-prefix6 needs an IPv6 prefix or none"},
           {{"map", "add", "clat0", "10.0.0.1"}, "V6PREFIX is required"},
           {{"map", "add", "clat0", "10.0.0.1/33", "::1/128"}, "'10.0.0.1/33' is not an IPv4 prefix"},
           {{"map", "del", "clat0", "10.0.0.1/32", "::1/129"}, "'::1/129' is not an IPv6 prefix"},
           {{"show", "a", "b"}, "The following argument was not expected: b"},
           {{"show", "--frob"}, "The following argument was not expected: --frob"},
           {{"explain", "clat0", "x"}, "'x' is neither an IPv4 nor an IPv6 address"},
           {{"explain", "clat0", "10.0.0.1", "::1"}, "'10.0.0.1' and '::1' are of different families"},
           {{"restore", "clat0"}, "FILE is required"}}) {
    auto outcome = run(words);
    EXPECT_EQ(outcome.status, 2) << sentence;
    EXPECT_THAT(outcome.err, StartsWith("ipxlatctl: " + sentence));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(CtlCommand, HelpAndVersionAreNoErrors) {
  auto help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("explain"));
  EXPECT_EQ(run({"set", "--help"}).status, 0);
  EXPECT_THAT(run({"set", "--help"}).out, HasSubstr("lowest-ipv6-mtu"));
  EXPECT_THAT(run({"--version"}).out, StartsWith("ipxlatctl "));
}

TEST_F(CtlCommand, ADeviceMayHaveTheNameOfACommand) {
  kernel_.devices["stats"];
  auto shown = run({"show", "stats"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, StartsWith("stats: "));
}

TEST_F(CtlCommand, MapEntriesAreAddedShownAndRemoved) {
  EXPECT_EQ(run({"map", "add", "clat0", "10.0.0.0/8", "2001:db8:a::/104"}).status, 0);
  EXPECT_EQ(run({"map", "show", "clat0"}).out, "10.0.0.0/8 2001:db8:a::/104\n192.0.0.1/32 2001:db8::1/128\n");
  EXPECT_EQ(run({"map", "del", "clat0", "192.0.0.1/32", "2001:db8::1/128"}).status, 0);
  EXPECT_EQ(json::parse(run({"map", "show", "clat0", "--json"}).out),
            json::parse(R"([{"prefix4": "10.0.0.0/8", "prefix6": "2001:db8:a::/104"}])"));
}

TEST_F(CtlCommand, MapLoadReplacesTheWholeMapAtOnce) {
  auto file = write("# two sites\n10.0.1.0/24 2001:db8:1::/120\n10.0.2.0/24 2001:db8:2::/120\n");
  EXPECT_EQ(run({"map", "load", "clat0", file}).status, 0);
  ASSERT_EQ(kernel_.changes.size(), 1u);
  EXPECT_THAT(kernel_.devices["clat0"].map, testing::ElementsAre(entry("10.0.1.0/24", "2001:db8:1::/120"),
                                                                 entry("10.0.2.0/24", "2001:db8:2::/120")));
  EXPECT_EQ(kernel_.devices["clat0"].settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  // what show prints, load reads
  EXPECT_EQ(run({"map", "load", "fresh", "-"}, run({"map", "show", "clat0"}).out).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"].map, kernel_.devices["clat0"].map);
}

TEST_F(CtlCommand, MapLoadSaysFileAndLineOfWhatIsWrong) {
  auto file = write("10.0.1.0/24 2001:db8:1::/120\n\n10.0.2.0/24 2001:db8:2::/12o\n");
  auto outcome = run({"map", "load", "clat0", file});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: " + file +
                             ":3: '2001:db8:2::/12o' is not an IPv6 prefix (an address, a "
                             "slash, 0 to 128)\n");
  EXPECT_TRUE(kernel_.changes.empty());
}

TEST_F(CtlCommand, MapLoadSaysFileAndLineOfWhatTheKernelRefuses) {
  kernel_.refusal = NetlinkError{EEXIST, "the map has this IPv4 prefix already", 100, 1};
  auto outcome =
      run({"map", "load", "clat0", "-"}, "10.0.1.0/24 2001:db8:1::/120\n#\n10.0.1.0/24 2001:db8:2::/120\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: standard input:3: the map has this IPv4 prefix already\n");
}

TEST_F(CtlCommand, WhatSavePrintsRestoreReads) {
  auto saved = run({"save", "clat0"});
  EXPECT_EQ(saved.status, 0);
  kernel_.devices["fresh"].map = {entry("10.0.0.0/8", "2001:db8:a::/104")};
  EXPECT_EQ(run({"restore", "fresh", write(saved.out)}).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"], kernel_.devices["clat0"]);
  EXPECT_EQ(run({"restore", "fresh", "-"}, run({"save", "fresh"}).out).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"], kernel_.devices["clat0"]);
}

TEST_F(CtlCommand, WhatIsPrintedAsJsonIsReadBack) {
  auto saved = run({"save", "clat0", "-j"}).out;
  EXPECT_EQ(json::parse(saved), json::parse(R"([{"ifindex": 7, "ifname": "clat0", "configured": true,
      "remote_prefix6": "64:ff9b::/96", "lowest_ipv6_mtu": 1280, "icmp_source4": "192.0.0.8",
      "udp_zero_checksum": "compute", "map_entries": 1,
      "local_map": [{"prefix4": "192.0.0.1/32", "prefix6": "2001:db8::1/128"}]}])"));
  kernel_.devices["fresh"].settings.lowest_ipv6_mtu = 1400;
  EXPECT_EQ(run({"restore", "fresh", "-"}, saved).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"], kernel_.devices["clat0"]);
  // show has the same fields without the map, which stays as it is
  kernel_.devices["fresh"].settings.remote_prefix6.reset();
  EXPECT_EQ(run({"restore", "fresh", write(run({"show", "clat0", "-j"}).out)}).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"], kernel_.devices["clat0"]);
  // null unsets
  EXPECT_EQ(run({"restore", "fresh", "-"}, R"([{"remote_prefix6": null, "local_map": []}])").status, 0);
  EXPECT_FALSE(kernel_.devices["fresh"].settings.remote_prefix6);
  EXPECT_TRUE(kernel_.devices["fresh"].map.empty());
  EXPECT_EQ(run({"map", "load", "fresh", "-"}, run({"map", "show", "clat0", "-j"}).out).status, 0);
  EXPECT_EQ(kernel_.devices["fresh"].map, kernel_.devices["clat0"].map);
}

TEST_F(CtlCommand, JsonThatIsNoSettingsIsRefused) {
  for (const auto& [text, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"[", "not JSON"},
           {"[]", "not an array with the object of one device"},
           {"[{}, {}]", "not an array with the object of one device"},
           {"[{}]", "no setting in it"},
           {R"([{"mtu": 1}])",
            "mtu: 'mtu' is not a setting (allowed: remote_prefix6, lowest_ipv6_mtu, icmp_source4, "
            "udp_zero_checksum, local_map)"},
           {R"([{"remote_prefix6": 1}])", "remote_prefix6: 1 is not a string"},
           {R"([{"remote_prefix6": "x"}])",
            "remote_prefix6: 'x' is not an IPv6 prefix (an address, a slash, 0 to 128)"},
           {R"([{"lowest_ipv6_mtu": -1}])", "lowest_ipv6_mtu: -1 is not a number of bytes"},
           {R"([{"lowest_ipv6_mtu": 4294967296}])", "lowest_ipv6_mtu: 4294967296 is not a number of bytes"},
           {R"([{"udp_zero_checksum": "x"}])", "udp_zero_checksum: 'x' is not compute, drop or forward"},
           {R"([{"local_map": {}}])", "local_map: not an array of objects"},
           {R"([{"local_map": [{"prefix4": "10.0.0.1", "prefix6": "::1"}, {"prefix4": "x"}]}])",
            "local_map: entry 2: {\"prefix4\":\"x\"} is not an object of prefix4 and prefix6"}}) {
    auto refused = run({"restore", "clat0", "-"}, text);
    EXPECT_EQ(refused.status, 1) << text;
    EXPECT_EQ(refused.err, "ipxlatctl: standard input: " + sentence + "\n");
  }
  EXPECT_TRUE(kernel_.changes.empty());
  kernel_.refusal = NetlinkError{EEXIST, "twice", std::nullopt, 0};
  EXPECT_EQ(run({"map", "load", "clat0", "-"}, R"([{"prefix4": "10.0.0.1", "prefix6": "::5"}])").err,
            "ipxlatctl: standard input: 10.0.0.1/32 ::5/128: twice\n");
}

TEST_F(CtlCommand, CommonOptionsStandInFrontOrBehind) {
  auto shown = run({"show", "clat0", "--json"}).out;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"-j", "show", "clat0"},
                                                {"show", "-j", "clat0"},
                                                {"--json", "show", "clat0"},
                                                {"show", "clat0", "-j"},
                                                {"-n", "there", "-j", "show", "clat0"},
                                                {"show", "clat0", "--netns", "there", "-j"},
                                                {"--netns=there", "show", "clat0", "-j"}}) {
    auto outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, shown) << words[0];
  }
  EXPECT_EQ(kernel_.entered, (std::vector<std::string>{"there", "there", "there"}));
  EXPECT_EQ(run({"map", "-j", "show", "clat0"}).out, run({"-j", "map", "show", "clat0"}).out);
  EXPECT_EQ(run({"-n", "there"}).out, run({"show"}).out);
  EXPECT_EQ(run({"set", "clat0", "lowest-ipv6-mtu", "1400", "-n", "there"}).status, 0);
  EXPECT_EQ(kernel_.entered.size(), 5u);
}

TEST_F(CtlCommand, ANamespaceThatIsNotThereIsNotEntered) {
  auto outcome = run({"-n", "nowhere", "set", "clat0", "lowest-ipv6-mtu", "1400"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: no network namespace 'nowhere'\n");
  EXPECT_TRUE(kernel_.changes.empty());
}

TEST_F(CtlCommand, HelpIsACommand) {
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help"}).status, 0);
  EXPECT_EQ(run({"help", "set"}).out, run({"set", "--help"}).out);
  EXPECT_EQ(run({"help", "map", "add"}).out, run({"map", "add", "--help"}).out);
  EXPECT_EQ(run({"-j", "help", "map"}).status, 0);
  EXPECT_THAT(run({"help", "show"}).out, HasSubstr("--netns"));
}

TEST_F(CtlCommand, RestoreRefusesWhatIsNoSaveFile) {
  EXPECT_EQ(run({"restore", "clat0", "-"}).err, "ipxlatctl: standard input: no setting in it\n");
  auto absent = run({"restore", "clat0", "/nonexistent/file"});
  EXPECT_EQ(absent.status, 1);
  EXPECT_EQ(absent.err, "ipxlatctl: /nonexistent/file: No such file or directory\n");
  EXPECT_EQ(run({"restore", "clat0", testing::TempDir()}).status, 1);
  kernel_.refusal = NetlinkError{EEXIST, "twice", std::nullopt, 0};
  EXPECT_EQ(run({"restore", "clat0", "-"}, "\nlocal-map 10.0.0.1/32 ::5/128\n").err,
            "ipxlatctl: standard input:2: twice\n");
}

DeviceStats counters_of(const std::string& name) {
  DeviceStats stats;
  stats.ifindex = 7;
  stats.ifname = name;
  stats.to_v4 = {12, 840, 0, 0};
  stats.to_v6 = {12034, 1684760, 12035, 1925500};
  stats.reasons = {{IPXLAT_REASON_OK, "ok", 12034, 0, 12034},
                   {IPXLAT_REASON_NOT_IP, "not_ip", 3, {}, {}},
                   {IPXLAT_REASON_LOOP, "loop", 0, 0, 0},
                   {IPXLAT_REASON_NOT_LOCAL, "not_local", 12, 12, 0},
                   {9999, "brand_new", 1, 1, 0}};
  return stats;
}

TEST_F(CtlCommand, StatsShowBothDirections) {
  kernel_.counters["clat0"] = counters_of("clat0");
  EXPECT_EQ(run({"stats", "clat0"}).out,
            "clat0:\n"
            "    packets in  bytes in  packets out  bytes out\n"
            "            12       840            0          0  6 to 4\n"
            "         12034   1684760        12035    1925500  4 to 6\n"
            "    6 to 4  4 to 6   both\n"
            "         0   12034  12034  ok: translated\n"
            "         -       -      3  not_ip: neither an IPv4 nor an IPv6 packet\n"
            "        12       0     12  not_local: neither end is in local-map\n"
            "         1       0      1  brand_new: unknown to this program\n");
  auto shown = json::parse(run({"stats", "--json"}).out);
  EXPECT_EQ(shown[0]["to_v4"],
            json::parse(R"({"packets_in": 12, "bytes_in": 840, "packets_out": 0, "bytes_out": 0})"));
  EXPECT_EQ(shown[0]["reasons"][3], json::parse(R"({"id": 20, "name": "not_local", "packets": 12,
      "to_v4": 12, "to_v6": 0, "text": "neither end is in local-map"})"));
  EXPECT_TRUE(shown[0]["reasons"][1]["to_v4"].is_null()) << "what is not IP has no direction";
}

TEST_F(CtlCommand, StatsHideZerosFromPersonsWhoDoNotAsk) {
  kernel_.counters["clat0"] = counters_of("clat0");
  EXPECT_THAT(run({"stats"}).out, Not(HasSubstr("loop")));
  EXPECT_THAT(run({"stats", "-a"}).out, HasSubstr("         0       0      0  loop: "));
  for (auto arguments : {std::vector<std::string>{"stats", "--json"}, {"stats", "clat0", "--json", "-a"}})
    EXPECT_EQ(json::parse(run(arguments).out)[0]["reasons"].size(), 5u);
}

TEST_F(CtlCommand, StatsOfADeviceWithoutTrafficSayThatThereIsNone) {
  kernel_.counters["clat0"].ifname = "clat0";
  EXPECT_EQ(run({"stats"}).out,
            "clat0:\n"
            "    packets in  bytes in  packets out  bytes out\n"
            "             0         0            0          0  6 to 4\n"
            "             0         0            0          0  4 to 6\n");
}

TEST_F(CtlCommand, MonitorPrintsWhatBecomesOfDevicesAndWhen) {
  DeviceState device;
  device.ifindex = 7;
  device.ifname = "clat0";
  device.configured = true;
  kernel_.announced = {{DeviceEvent::kAdded, device},
                       {DeviceEvent::kLost},
                       {DeviceEvent::kChanged, device},
                       {DeviceEvent::kRemoved, device}};
  auto seen = run({"monitor", "--json"});
  std::istringstream lines(seen.out);
  std::vector<json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0]["time"], "2026-11-26T12:24:03.123Z");
  EXPECT_EQ(events[0]["event"], "added");
  EXPECT_EQ(events[0]["ifname"], "clat0");
  EXPECT_EQ(events[1], json::parse(R"({"time": "2026-11-26T12:24:03.123Z", "event": "lost"})"));
  EXPECT_EQ(events[2]["event"], "changed");
  EXPECT_EQ(events[3]["event"], "removed");
  EXPECT_EQ(seen.status, 1);
  EXPECT_EQ(seen.err, "ipxlatctl: the socket failed\n");

  setenv("TZ", "UTC", 1);
  EXPECT_THAT(run({"monitor"}).out,
              StartsWith("2026-11-26 12:24:03.123 added clat0: configured\n    remote-"));
  EXPECT_THAT(run({"monitor"}).out,
              HasSubstr("2026-11-26 12:24:03.123 some changes were lost; what they came to follows\n"));
  EXPECT_THAT(run({"monitor"}).out, testing::EndsWith("2026-11-26 12:24:03.123 removed clat0\n"));
}

TEST_F(CtlCommand, CheckTellsValidFromInvalid) {
  auto good = write("[clat.home]\nuplinks = [\"eth0\"]\npref64 = \"64:ff9b::/96\"\n");
  EXPECT_EQ(run({"check", good}).status, 0);
  EXPECT_EQ(run({"check", good, "--json"}).out, "[]\n");

  auto bad = write("[clat.home]\nuplink = [\"eth0\"]\n");
  auto refused = run({"check", bad});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, StartsWith("ipxlatctl: " + bad + ":"));
  auto mistakes = json::parse(run({"check", bad, "--json"}).out);
  ASSERT_EQ(mistakes.size(), 2u);  // a key that is not allowed, and one that is missing
  for (const auto& mistake : mistakes)
    EXPECT_THAT(refused.err, HasSubstr(mistake["text"].get<std::string>()));
  EXPECT_EQ(run({"check", "/nonexistent/file"}).status, 1);
}

TEST_F(CtlCommand, DrainAndResumeNeedADaemon) {
  for (const char* word : {"drain", "resume"}) {
    auto nobody = run_words(kernel_, {word, "edge"}, {}, "/nonexistent/state.json");
    EXPECT_EQ(nobody.status, 1);
    EXPECT_THAT(nobody.err, HasSubstr("no ipxlatd runs with /nonexistent"));
    EXPECT_EQ(run({word}).status, 2);
  }
}

}  // namespace
}  // namespace ipxlat::ctl
