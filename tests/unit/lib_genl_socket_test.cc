// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <linux/genetlink.h>
#include <linux/ipxlat.h>

#include <cerrno>

#include "lib/attributes.h"
#include "lib/genl_socket.h"
#include "lib/netlink.h"

namespace ipxlat {
namespace {

// The controller is the one family that every kernel has.
class GenlSocketTest : public testing::Test {
 protected:
  GenlSocket open() {
    auto socket = GenlSocket::open();
    if (!socket) throw std::runtime_error(socket.error().text);
    return std::move(*socket);
  }
};

TEST_F(GenlSocketTest, AFamilyHasANumberAndGroups) {
  auto socket = open();
  auto family = socket.resolve("nlctrl");
  ASSERT_TRUE(family) << family.error().text;
  EXPECT_EQ(family->id, GENL_ID_CTRL);
  EXPECT_THAT(family->groups, testing::Contains(testing::Key("notify")));
}

TEST_F(GenlSocketTest, AFamilyIsOursByItsVersionAndItsGroup) {
  auto socket = open();
  auto family = socket.resolve("nlctrl");
  ASSERT_TRUE(family) << family.error().text;
  EXPECT_GT(family->version, 1u) << "that of the controller";
  EXPECT_FALSE(is_ours(*family));
  EXPECT_TRUE(is_ours({7, IPXLAT_GENL_VERSION, {{IPXLAT_MCGRP_CONFIG, 3}}}));
  EXPECT_FALSE(is_ours({7, IPXLAT_GENL_VERSION + 1, {{IPXLAT_MCGRP_CONFIG, 3}}}));
  EXPECT_FALSE(is_ours({7, IPXLAT_GENL_VERSION, {{"monitor", 3}}}));
}

TEST_F(GenlSocketTest, AFamilyThatIsNotThereIsEnoent) {
  auto socket = open();
  auto family = socket.resolve("ipxlat-absent");
  ASSERT_FALSE(family);
  EXPECT_EQ(family.error().code, ENOENT);
}

TEST_F(GenlSocketTest, ARefusalCarriesTheKernelsSentenceAndTheAttributeToBlame) {
  auto socket = open();
  Message message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
  message.put_u32(CTRL_ATTR_FAMILY_NAME, 0xffffffff);  // a string without an end, in any byte order
  message.put_u32(CTRL_ATTR_FAMILY_ID, 1);             // two bytes too long
  auto done = socket.request(message);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().code, testing::AnyOf(EINVAL, ERANGE));
  EXPECT_THAT(done.error().text, testing::HasSubstr("ttribute"));
  EXPECT_NE(done.error().offset, std::nullopt);
}

TEST_F(GenlSocketTest, ADumpIsReadToItsEndAndTheSocketTakesTheNext) {
  auto socket = open();
  for (int round = 0; round < 3; ++round) {
    size_t families = 0;
    Message message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_DUMP);
    auto done = socket.request(message, [&](const nlmsghdr*) -> Result<void> {
      ++families;
      return {};
    });
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_GE(families, 1u);
  }
}

TEST_F(GenlSocketTest, AHandlersErrorEndsTheRequestAndLeavesTheSocketUsable) {
  auto socket = open();
  Message message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_DUMP);
  int calls = 0;
  auto done = socket.request(message, [&](const nlmsghdr*) -> Result<void> {
    ++calls;
    return NetlinkError{EBADMSG, "enough"};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "enough");
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(socket.resolve("nlctrl"));
}

TEST_F(GenlSocketTest, ReceiveDoesNotBlock) {
  auto socket = open();
  auto received = socket.receive([](const nlmsghdr*) -> Result<void> { return {}; });
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, EAGAIN);
}

}  // namespace
}  // namespace ipxlat
