// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lib/connection_table.h"

namespace ipxlat {
namespace {

TEST(LibConnectionTable, IsReadWhereThereIsOne) {
  const std::string directory = testing::TempDir() + "lib_connection_table";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  EXPECT_FALSE(read_connection_table(directory));
  std::ofstream(directory + "/nf_conntrack_count") << "12\n";
  EXPECT_FALSE(read_connection_table(directory));
  std::ofstream(directory + "/nf_conntrack_max") << "262144\n";
  const auto table = read_connection_table(directory);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->entries, 12u);
  EXPECT_EQ(table->limit, 262144u);
}

}  // namespace
}  // namespace ipxlat
