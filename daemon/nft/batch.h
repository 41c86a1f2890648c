// SPDX-License-Identifier: GPL-2.0-only
// Netlink messages of one nftables transaction.
#ifndef IPXLAT_DAEMON_NFT_BATCH_H
#define IPXLAT_DAEMON_NFT_BATCH_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/nft/table.h"

struct nlmsghdr;

namespace ipxlat::nft {

class Batch {
 public:
  // `subject` says in words what the message asks for; `fill` appends to its header.
  void put(uint16_t type, Family family, uint16_t flags, std::string subject,
           const std::function<void(nlmsghdr*)>& fill);

  void remove(Family family, const std::string& table);

  // A number for a set without a name that its rule can refer to.
  uint32_t new_set() { return ++sets_; }

  bool empty() const { return subjects_.empty(); }

  // Between begin and end messages, ready for one sendmsg(). Refused with ERESTART if the ruleset has
  // another generation than this by then; 0: whichever it has.
  std::vector<uint8_t> finish(uint32_t generation) const;

  // What message `sequence` asked for, in words, for an error.
  std::string subject(uint32_t sequence) const;
  // Null where there is none.
  const nlmsghdr* message(uint32_t sequence) const;
  uint32_t last_sequence() const { return static_cast<uint32_t>(subjects_.size()); }

 private:
  std::vector<uint8_t> bytes_;
  std::vector<std::string> subjects_;  // of message 1, 2 and so on
  std::vector<size_t> begins_;         // of the same messages
  uint32_t sets_ = 0;
};

}  // namespace ipxlat::nft

#endif
