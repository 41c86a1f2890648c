// SPDX-License-Identifier: GPL-2.0-only
// Netlink messages of one nftables transaction, built from plain values.
#ifndef IPXLAT_DAEMON_NFT_BATCH_H
#define IPXLAT_DAEMON_NFT_BATCH_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/nft/table.h"

struct nlmsghdr;

namespace ipxlat::nft {

class Batch {
 public:
  // The table becomes what it says, whatever there was; connection tracking keeps its entries.
  void replace(const Table& table);
  void remove(Family family, const std::string& name);

  // Between begin and end messages, ready for one sendmsg().
  std::vector<uint8_t> finish() const;

  // What message `sequence` asked for, in words, for an error.
  std::string subject(uint32_t sequence) const;
  uint32_t last_sequence() const { return static_cast<uint32_t>(subjects_.size()); }

 private:
  friend std::string digest(const Table& table);

  void message(uint16_t type, Family family, uint16_t flags, std::string subject,
               const std::function<void(nlmsghdr*)>& fill);
  void add_table(const Table& table, const std::string& comment);
  void add_contents(const Table& table);
  void add_chain(const Table& table, const Chain& chain);
  void add_rule(const Table& table, const Chain& chain, const Rule& rule);
  uint32_t add_set(const Table& table, const Set& set);

  std::vector<uint8_t> bytes_;
  std::vector<std::string> subjects_;  // of message 1, 2 and so on
  uint32_t sets_ = 0;
};

// Tells two tables apart, whatever process built them: 16 hexadecimal digits.
std::string digest(const Table& table);

// The comment that marks a table as ours: "ipxlatd [nat64.edge] 0123456789abcdef".
std::string table_comment(const Table& table);

}  // namespace ipxlat::nft

#endif
