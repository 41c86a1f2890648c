// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>
#include <linux/netlink.h>

#include "daemon/desired/nat64_rules.h"
#include "daemon/nft/change.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat::nft {
namespace {

TEST(DaemonNftBatch, a_digest_is_the_same_for_the_same_table_only) {
  const auto tables = nat64_tables(nat64_config(), {});
  EXPECT_EQ(digest(tables), digest(nat64_tables(nat64_config(), {})));
  EXPECT_EQ(digest(tables).size(), 16u);
  Nat64Config other = nat64_config();
  other.uplinks = {"eth2"};
  EXPECT_NE(digest(tables), digest(nat64_tables(other, {})));
  EXPECT_NE(digest(tables), digest({tables[0]}));
  auto reworded = tables;
  reworded[1].chains[0].rules[0].comment += "!";
  EXPECT_NE(digest(tables), digest(reworded));
}

TEST(DaemonNftBatch, a_batch_is_whole_messages_between_begin_and_end) {
  const Batch batch = change(nat64_tables(nat64_config(), {}), {});
  for (const uint32_t generation : {0u, 17u}) {
    const std::vector<uint8_t> bytes = batch.finish(generation);
    std::vector<uint16_t> types;
    size_t at = 0;
    uint32_t sequence = 0;
    while (at + sizeof(nlmsghdr) <= bytes.size()) {
      const auto* header = reinterpret_cast<const nlmsghdr*>(bytes.data() + at);
      ASSERT_EQ(header->nlmsg_seq, sequence);
      const nlmsghdr* message = batch.message(sequence++);
      if (message) {
        EXPECT_EQ(message->nlmsg_type, header->nlmsg_type);
      }
      types.push_back(header->nlmsg_type & 0xff);
      at += NLMSG_ALIGN(header->nlmsg_len);
    }
    EXPECT_EQ(at, bytes.size());
    // begin; the table; the first chain
    EXPECT_EQ((std::vector<uint16_t>{types.begin(), types.begin() + 3}), (std::vector<uint16_t>{16, 0, 18}));
    EXPECT_EQ(types.back(), 17);
    EXPECT_EQ(batch.last_sequence() + 2, types.size());
    // NFNL_BATCH_GENID
    EXPECT_EQ(reinterpret_cast<const nlmsghdr*>(bytes.data())->nlmsg_len, generation ? 28u : 20u);
  }
  EXPECT_EQ(batch.subject(1), "table ipxlat-edge");
  EXPECT_EQ(batch.subject(0), "the transaction");
  EXPECT_EQ(batch.message(0), nullptr);
  EXPECT_EQ(batch.message(batch.last_sequence() + 1), nullptr);
}

}  // namespace
}  // namespace ipxlat::nft
