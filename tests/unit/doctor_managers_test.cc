// SPDX-License-Identifier: GPL-2.0-only
// What NetworkManager, systemd-networkd and ifupdown write below /run, read.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/daemon_scratch.h"
#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class DoctorManagers : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((run_ / name).parent_path());
    std::ofstream(run_ / name) << text;
  }
  auto read() { return read_managers({{"eth0", {2, 1500, true}}, {"edge", {7, 1500, false}}}, run_.path()); }

  ScratchDirectory run_;
};

TEST_F(DoctorManagers, AHostWithoutAnyHasNone) { EXPECT_THAT(read(), IsEmpty()); }

TEST_F(DoctorManagers, NetworkManagerSaysWhichAreItsOwn) {
  write("NetworkManager/devices/2", "[device]\nmanaged=true\nconnection-uuid=6a8b\n");
  write("NetworkManager/devices/7", "[device]\nmanaged=false\n");
  EXPECT_THAT(read(), ElementsAre(Pair("eth0", kNetworkManager)));
}

TEST_F(DoctorManagers, NetworkdKnowsAllAndConfiguresSome) {
  write("systemd/netif/links/2", "IPV4_ADDRESS_STATE=off\nADMIN_STATE=configured\n");
  for (const char* state : {"unmanaged", "pending", "initialized"}) {
    write("systemd/netif/links/7", "ADMIN_STATE=" + std::string(state) + "\n");
    EXPECT_THAT(read(), ElementsAre(Pair("eth0", kNetworkd))) << state;
  }
  for (const char* state : {"configuring", "failed", "linger"}) {
    write("systemd/netif/links/7", "ADMIN_STATE=" + std::string(state) + "\n");
    EXPECT_THAT(read(), ElementsAre(Pair("edge", kNetworkd), Pair("eth0", kNetworkd))) << state;
  }
}

TEST_F(DoctorManagers, IfupdownKnowsWhatIsUp) {
  write("network/ifstate", "lo=lo\neth0=home\neth00=eth00\n");
  EXPECT_THAT(read(), ElementsAre(Pair("eth0", kIfupdown)));
}

TEST_F(DoctorManagers, WhoSaysThatALinkIsItsOwnIsBelieved) {
  write("systemd/netif/links/2", "ADMIN_STATE=unmanaged\n");
  write("network/ifstate", "lo=lo\n");
  write("NetworkManager/devices/2", "[device]\nmanaged=true\n");
  EXPECT_THAT(read(), ElementsAre(Pair("eth0", kNetworkManager)));
}

}  // namespace
}  // namespace ipxlat::ctl::doctor
