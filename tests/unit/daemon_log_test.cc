// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "daemon/service/log.h"

namespace ipxlat {
namespace {

TEST(DaemonLog, the_journal_is_where_its_variable_points) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  struct stat file{};
  ASSERT_EQ(fstat(ends[1], &file), 0);
  const std::string inode = std::to_string(file.st_ino);
  const std::string device = std::to_string(file.st_dev);
  EXPECT_TRUE(is_journal((device + ":" + inode).c_str(), ends[1]));
  EXPECT_FALSE(is_journal((device + ":" + inode + "1").c_str(), ends[1]));
  EXPECT_FALSE(is_journal(nullptr, ends[1]));
  close(ends[0]);
  close(ends[1]);
  EXPECT_FALSE(is_journal((device + ":" + inode).c_str(), ends[1]));
}

}  // namespace
}  // namespace ipxlat
