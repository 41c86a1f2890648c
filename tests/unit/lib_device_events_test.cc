// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "lib/device_events.h"
#include "lib/link_monitor.h"
#include "lib/message.h"

namespace ipxlat {
namespace {

DeviceState device(uint32_t ifindex, const std::string& name, uint32_t mtu = 1280) {
  DeviceState state;
  state.ifindex = ifindex;
  state.ifname = name;
  state.settings.lowest_ipv6_mtu = mtu;
  return state;
}

// "added a", one for each
std::vector<std::string> words(const std::vector<DeviceEvent>& events) {
  std::vector<std::string> all;
  for (const DeviceEvent& event : events)
    all.push_back(std::vector{"added ", "changed ", "removed ", "lost "}[event.kind] + event.device.ifname);
  return all;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KnownDevices, ALinkOfTheKindIsAddedOnce) {
  KnownDevices known({device(1, "a")});
  EXPECT_THAT(words(known.link({2, "b", true, false})), ElementsAre("added b"));
  EXPECT_THAT(words(known.link({2, "b", true, false})), IsEmpty()) << "up, down, carrier";
  EXPECT_THAT(words(known.link({3, "eth0", false, false})), IsEmpty());
  EXPECT_THAT(words(known.changed(device(2, "b", 1400))), ElementsAre("changed b"));
}

TEST(KnownDevices, ADeviceIsAddedByItsSettingsWhereItsLinkCameLater) {
  KnownDevices known({});
  EXPECT_THAT(words(known.changed(device(1, "a"))), ElementsAre("added a"));
  EXPECT_THAT(words(known.link({1, "a", true, false})), IsEmpty());
}

TEST(KnownDevices, AKnownDeviceIsRemovedWithItsLink) {
  KnownDevices known({device(1, "a", 1400)});
  EXPECT_THAT(words(known.link({2, "eth0", false, true})), IsEmpty());
  auto removed = known.link({1, "a", true, true});
  EXPECT_THAT(words(removed), ElementsAre("removed a"));
  EXPECT_EQ(removed[0].device.settings.lowest_ipv6_mtu, 1400u);
  EXPECT_THAT(words(known.link({1, "a", true, true})), IsEmpty());
}

TEST(KnownDevices, AnotherNameIsAChangeThatKeepsTheSettings) {
  KnownDevices known({device(1, "a", 1400)});
  auto renamed = known.link({1, "z", true, false});
  EXPECT_THAT(words(renamed), ElementsAre("changed z"));
  EXPECT_EQ(renamed[0].device.settings.lowest_ipv6_mtu, 1400u);
}

TEST(KnownDevices, AfterALossTheDifferenceIsTold) {
  KnownDevices known({device(1, "gone"), device(2, "same"), device(3, "other")});
  EXPECT_THAT(words(known.lost({device(2, "same"), device(3, "other", 1400), device(4, "new")})),
              ElementsAre("lost ", "removed gone", "changed other", "added new"));
  EXPECT_THAT(words(known.link({4, "new", true, true})), ElementsAre("removed new"));
}

// what the kernel announces about a link
std::vector<uint8_t> announcement(uint16_t type, uint8_t family, const std::string& kind) {
  std::vector<uint8_t> bytes(NLMSG_HDRLEN + sizeof(ifinfomsg));
  auto put = [&](uint16_t attribute, const std::string& text) {
    nlattr head{static_cast<uint16_t>(NLA_HDRLEN + text.size()), attribute};
    const auto* at = reinterpret_cast<const uint8_t*>(&head);
    bytes.insert(bytes.end(), at, at + sizeof head);
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize(NLMSG_ALIGN(bytes.size()));
  };
  put(IFLA_IFNAME, std::string("siit0\0", 6));
  if (!kind.empty()) {
    nlattr inner{static_cast<uint16_t>(NLA_HDRLEN + kind.size() + 1), IFLA_INFO_KIND};
    std::string nest(reinterpret_cast<const char*>(&inner), sizeof inner);
    nest += kind + '\0';
    nest.resize(NLMSG_ALIGN(nest.size()));
    put(IFLA_LINKINFO, nest);
  }
  auto* header = reinterpret_cast<nlmsghdr*>(bytes.data());
  header->nlmsg_len = static_cast<uint32_t>(bytes.size());
  header->nlmsg_type = type;
  auto* info = reinterpret_cast<ifinfomsg*>(bytes.data() + NLMSG_HDRLEN);
  info->ifi_family = family;
  info->ifi_index = 9;
  return bytes;
}

Result<std::optional<LinkEvent>> parse(const std::vector<uint8_t>& bytes) {
  return parse_link_event(reinterpret_cast<const nlmsghdr*>(bytes.data()));
}

TEST(LinkEvents, AreReadFromAnnouncements) {
  auto link = parse(announcement(RTM_NEWLINK, AF_UNSPEC, "ipxlat"));
  ASSERT_TRUE(link && *link);
  EXPECT_EQ((*link)->ifindex, 9u);
  EXPECT_EQ((*link)->ifname, "siit0");
  EXPECT_TRUE((*link)->ipxlat);
  EXPECT_FALSE((*link)->gone);
  EXPECT_TRUE((*parse(announcement(RTM_DELLINK, AF_UNSPEC, "ipxlat")))->gone);
  EXPECT_FALSE((*parse(announcement(RTM_NEWLINK, AF_UNSPEC, "veth")))->ipxlat);
  EXPECT_FALSE((*parse(announcement(RTM_NEWLINK, AF_UNSPEC, "")))->ipxlat);
}

TEST(LinkEvents, ABridgePortThatLeavesIsNotGone) {
  auto port = parse(announcement(RTM_DELLINK, AF_BRIDGE, "ipxlat"));
  ASSERT_TRUE(port);
  EXPECT_FALSE(*port);
  EXPECT_FALSE(*parse(announcement(RTM_NEWADDR, AF_UNSPEC, "")));
}

TEST(LinkEvents, OneThatIsCutShortIsAnError) {
  auto bytes = announcement(RTM_NEWLINK, AF_UNSPEC, "");
  reinterpret_cast<nlmsghdr*>(bytes.data())->nlmsg_len = NLMSG_HDRLEN + 4;
  EXPECT_FALSE(parse(bytes));
  reinterpret_cast<nlmsghdr*>(bytes.data())->nlmsg_len = NLMSG_HDRLEN + sizeof(ifinfomsg);
  EXPECT_FALSE(parse(bytes)) << "without a name";
}

}  // namespace
}  // namespace ipxlat
