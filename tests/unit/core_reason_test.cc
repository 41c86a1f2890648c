// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "kmod/core/reason.h"

namespace ipxlat {
namespace {

TEST(CoreReason, EachHasAShortNameOfItsOwnAndASentence) {
  std::set<std::string> names;
  for (u32 reason = 0; reason < __IPXLAT_REASON_MAX; reason++) {
    std::string name = ipxlat_reason_name(reason);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_LE(name.size(), 31u) << name;
    EXPECT_STRNE(ipxlat_reason_text(reason), "") << name;
  }
}

TEST(CoreReason, OneThatIsNewerIsUnknown) {
  for (u32 reason : {u32{__IPXLAT_REASON_MAX}, ~u32{0}}) {
    EXPECT_STREQ(ipxlat_reason_name(reason), "unknown");
    EXPECT_STREQ(ipxlat_reason_text(reason), "unknown to this program");
  }
}

}  // namespace
}  // namespace ipxlat
