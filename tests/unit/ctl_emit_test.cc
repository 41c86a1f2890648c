// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/networks.h"
#include "tests/unit/ctl_fake_devices.h"
#include "tools/ipxlatctl/snippets.h"

namespace ipxlat::ctl {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// One of each length that RFC 6052 has.
constexpr const char* kPrefixes[] = {"64:ff9b::/96",         "2001:db8:64:64::/64", "2001:db8:64:6400::/56",
                                     "2001:db8:64::/48",     "2001:db8:6400::/40",  "2001:db8::/32",
                                     "2001:db8:1:2:3:4::/96"};

class CtlEmit : public testing::Test {
 protected:
  Outcome emit(std::vector<std::string> words, const std::string& instances = kEdge) {
    std::ofstream(file_) << R"({"version": 1, "pid": 4711, "instances": [)" << instances << "]}";
    words.insert(words.begin(), "emit");
    return run_words(kernel_, words, {}, file_);
  }

  static constexpr const char* kEdge = R"(
      {"name": "edge", "kind": "nat64", "device": "nat0", "state": "on", "why": "", "pref64": "64:ff9b::/96",
       "uplinks": ["eth1"], "downlinks": ["eth0", "eth2"]},
      {"name": "home", "kind": "clat", "device": "home", "state": "on", "why": "", "pref64": "2001:db8::/96"})";
  static constexpr const char* kOther = R"(,
      {"name": "other", "kind": "nat64", "device": "other", "state": "on", "why": "",
       "pref64": "2001:db8:64::/96", "uplinks": ["eth1"], "downlinks": []})";

  FakeKernel kernel_;
  std::string file_ = testing::TempDir() + "ctl_emit_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(CtlEmit, UnboundAnswersForTheNamesOfRfc8880Itself) {
  auto outcome = emit({"unbound"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, R"(# DNS64 for [nat64.edge]
# a file in /etc/unbound/unbound.conf.d; interface: and access-control: let clients ask
server:
	module-config: "dns64 validator iterator"
	dns64-prefix: 64:ff9b::/96
	# RFC 8880: programs find the prefix by these names, whatever else can be resolved
	local-zone: "ipv4only.arpa." static
	local-data: "ipv4only.arpa. 1800 IN SOA localhost. nobody.invalid. 1 3600 1200 604800 1800"
	local-data: "ipv4only.arpa. 1800 IN NS localhost."
	local-data: "ipv4only.arpa. 1800 IN A 192.0.0.170"
	local-data: "ipv4only.arpa. 1800 IN A 192.0.0.171"
	local-data: "ipv4only.arpa. 1800 IN AAAA 64:ff9b::c000:aa"
	local-data: "ipv4only.arpa. 1800 IN AAAA 64:ff9b::c000:ab"
	local-zone: "170.0.0.192.in-addr.arpa." static
	local-data-ptr: "192.0.0.170 1800 ipv4only.arpa."
	local-zone: "171.0.0.192.in-addr.arpa." static
	local-data-ptr: "192.0.0.171 1800 ipv4only.arpa."
)");
}

TEST_F(CtlEmit, TheAddressIsWrittenAroundTheUOctet) {
  Gateway gateway{"nat64.edge", parse_prefix6("2001:db8:6400::/40"), {}};
  EXPECT_THAT(unbound_snippet(gateway), HasSubstr("AAAA 2001:db8:64c0:0:aa::\""));
  gateway.pref64 = parse_prefix6("2001:db8:64:64::/64");
  EXPECT_THAT(unbound_snippet(gateway), HasSubstr("AAAA 2001:db8:64:64:c0:0:ab00:0\""));
}

TEST_F(CtlEmit, Bind) {
  EXPECT_EQ(emit({"bind"}).out, R"(# DNS64 for [nat64.edge]
# inside of options { } or a view; allow-query and allow-recursion let clients ask
dns64 64:ff9b::/96 {
	clients { any; };
};
# RFC 8880: programs find the prefix by ipv4only.arpa, whatever else can be resolved
ipv4only-enable yes;
)");
}

TEST_F(CtlEmit, RadvdAdvertisesOnEachDownlink) {
  EXPECT_EQ(emit({"radvd"}).out, R"(# PREF64 for [nat64.edge]
# radvd 2.20 or later; to be joined with the section that the interface has already
interface eth0 {
	AdvSendAdvert on;
	nat64prefix 64:ff9b::/96 {
		AdvValidLifetime 1800;
	};
};
interface eth2 {
	AdvSendAdvert on;
	nat64prefix 64:ff9b::/96 {
		AdvValidLifetime 1800;
	};
};
)");
  auto chosen = emit({"radvd", "--interface", "lan0", "--interface", "lan1"}).out;
  EXPECT_THAT(chosen, HasSubstr("interface lan0 {"));
  EXPECT_THAT(chosen, HasSubstr("interface lan1 {"));
  EXPECT_THAT(chosen, Not(HasSubstr("eth")));
}

TEST_F(CtlEmit, Networkd) {
  EXPECT_EQ(emit({"networkd"}).out, R"(# PREF64 for [nat64.edge]
# systemd 255 or later; a file in the NAME.network.d of the interface that leads to clients: eth0 eth2
[Network]
IPv6SendRA=yes

[IPv6PREF64Prefix]
Prefix=64:ff9b::/96
LifetimeSec=1800
)");
}

TEST_F(CtlEmit, AnInstanceIsNamedWhereThereAreSeveral) {
  const std::string both = std::string(kEdge) + kOther;
  EXPECT_THAT(emit({"bind", "other"}, both).out, HasSubstr("dns64 2001:db8:64::/96 {"));
  EXPECT_THAT(emit({"bind", "nat64.edge"}, both).out, HasSubstr("dns64 64:ff9b::/96 {"));
  auto unnamed = emit({"bind"}, both);
  EXPECT_EQ(unnamed.status, 2);
  EXPECT_THAT(
      unnamed.err,
      StartsWith("ipxlatctl: there are several NAT64, and one must be named: nat64.edge, nat64.other\n"));
  auto unknown = emit({"bind", "home"}, both);
  EXPECT_EQ(unknown.status, 1);
  EXPECT_EQ(unknown.err, "ipxlatctl: there is no NAT64 'home' (allowed: nat64.edge, nat64.other)\n");
  EXPECT_EQ(emit({"bind"}, "").err, "ipxlatctl: ipxlatd runs no NAT64 in this network namespace\n");
}

TEST_F(CtlEmit, WhereToAdvertiseMustBeKnown) {
  const std::string both = std::string(kEdge) + kOther;
  for (const char* program : {"radvd", "networkd"}) {
    auto nowhere = emit({program, "other"}, both);
    EXPECT_EQ(nowhere.status, 1);
    EXPECT_EQ(
        nowhere.err,
        "ipxlatctl: [nat64.other] has no downlinks; name the interfaces to advertise on with --interface\n");
    EXPECT_EQ(emit({program, "other", "--interface", "lan0"}, both).status, 0);
  }
  EXPECT_EQ(emit({"unbound", "other"}, both).status, 0);
}

TEST_F(CtlEmit, ALifetimeIsOneThatTheOptionCanSay) {
  EXPECT_THAT(emit({"radvd", "--lifetime", "65528"}).out, HasSubstr("AdvValidLifetime 65528;"));
  EXPECT_THAT(emit({"networkd", "--lifetime", "600"}).out, HasSubstr("LifetimeSec=600\n"));
  EXPECT_THAT(emit({"unbound", "--lifetime", "8"}).out, HasSubstr("ipv4only.arpa. 8 IN AAAA"));
  for (const char* seconds : {"0", "7", "601", "65536"}) {
    auto refused = emit({"radvd", "--lifetime", seconds});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, StartsWith("ipxlatctl: --lifetime " + std::string(seconds) +
                                        " is refused (allowed: a multiple of 8, up to 65528)\n"));
  }
}

TEST_F(CtlEmit, AsJson) {
  auto all = nlohmann::json::parse(emit({"bind", "-j"}).out);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["program"], "bind");
  EXPECT_EQ(all[0]["instance"], "nat64.edge");
  EXPECT_EQ(all[0]["pref64"], "64:ff9b::/96");
  EXPECT_EQ(all[0]["text"], emit({"bind"}).out);
}

TEST_F(CtlEmit, WithoutADaemonHereThereIsNothingToMatch) {
  kernel_.daemon_runs = false;
  EXPECT_EQ(emit({"bind"}).err, "ipxlatctl: ipxlatd does not run in this network namespace\n");
  kernel_.daemon_runs = true;
  EXPECT_EQ(run_words(kernel_, {"emit", "bind"}).err,
            "ipxlatctl: ipxlatd publishes nothing in /nonexistent/state.json\n");
  EXPECT_EQ(emit({"bind"}, R"({"kind": "nat64", "name": "edge", "pref64": 1})").err,
            "ipxlatctl: " + file_ + ": not a state file of ipxlatd\n");
}

TEST_F(CtlEmit, OtherProgramsAreRefused) {
  auto other = emit({"dnsmasq"});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, StartsWith("ipxlatctl: 'dnsmasq' is not a command (allowed: unbound, bind, radvd, "
                                    "networkd)\n"));
}

// The program's own checker; its output and exit status.
class SnippetChecked : public testing::TestWithParam<const char*> {
 protected:
  Gateway gateway() const { return {"nat64.edge", parse_prefix6(GetParam()), {"eth0", "eth1.5"}, 65528}; }

  std::string file(const std::string& text) const {
    const std::string name = testing::TempDir() + "ctl_emit_" + std::to_string(getpid()) + ".conf";
    std::ofstream(name) << text;
    return name;
  }

  static std::pair<int, std::string> run(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::string said;
    char buffer[4096];
    for (size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) said.append(buffer, got);
    return {WEXITSTATUS(pclose(pipe)), said};
  }
};

TEST_P(SnippetChecked, ByUnbound) {
  const auto [status, said] =
      run("PATH=$PATH:/usr/sbin unbound-checkconf " + file(unbound_snippet(gateway())));
  EXPECT_EQ(status, 0) << said;
}

TEST_P(SnippetChecked, ByBind) {
  const auto [status, said] =
      run("PATH=$PATH:/usr/sbin named-checkconf " + file("options {\n" + bind_snippet(gateway()) + "};\n"));
  EXPECT_EQ(status, 0) << said;
  EXPECT_EQ(said, "");
}

// Debian 12 has 2.19, which does not know the option: all else is checked there, and that it stumbles over
// that.
TEST_P(SnippetChecked, ByRadvd) {
  const auto [version_status, version] = run("PATH=$PATH:/usr/sbin radvd --version");
  ASSERT_THAT(version, StartsWith("Version: 2."));
  const bool knows = std::stoi(version.substr(sizeof "Version: 2." - 1)) >= 20;
  std::string text = radvd_snippet(gateway());
  const auto check = [&] { return run("PATH=$PATH:/usr/sbin radvd -c -C " + file(text)); };
  auto [status, said] = check();
  EXPECT_EQ(status == 0, knows) << said;
  if (!knows) {
    EXPECT_THAT(said, HasSubstr(".conf:5 error: syntax error"));
    for (size_t at = 0; (at = text.find("\tnat64prefix")) != text.npos;)
      text.erase(at, text.find("};\n", at) + 3 - at);
    std::tie(status, said) = check();
  }
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(said, EndsWith("syntax ok\n"));
}

INSTANTIATE_TEST_SUITE_P(OfEachLength, SnippetChecked, testing::ValuesIn(kPrefixes));

}  // namespace
}  // namespace ipxlat::ctl
