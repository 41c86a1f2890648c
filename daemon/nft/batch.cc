// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/batch.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnftnl/batch.h>
#include <libnftnl/common.h>
#include <libnftnl/table.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "daemon/nft/handle.h"

namespace ipxlat::nft {
namespace {

constexpr size_t kMessageMost = 64 * 1024;

}  // namespace

void Batch::put(uint16_t type, Family family, uint16_t flags, std::string subject,
                const std::function<void(nlmsghdr*)>& fill) {
  std::vector<char> scratch(kMessageMost);
  subjects_.push_back(std::move(subject));
  begins_.push_back(bytes_.size());
  nlmsghdr* header = nftnl_nlmsg_build_hdr(scratch.data(), type, static_cast<uint16_t>(family),
                                           static_cast<uint16_t>(flags | NLM_F_ACK), last_sequence());
  fill(header);
  bytes_.insert(bytes_.end(), scratch.data(), scratch.data() + NLMSG_ALIGN(header->nlmsg_len));
}

void Batch::remove(Family family, const std::string& name) {
  auto object = own(nftnl_table_alloc(), nftnl_table_free);
  nftnl_table_set_str(object.get(), NFTNL_TABLE_NAME, name.c_str());
  put(NFT_MSG_DELTABLE, family, 0, "removal of table " + name,
      [&](nlmsghdr* header) { nftnl_table_nlmsg_build_payload(header, object.get()); });
}

std::vector<uint8_t> Batch::finish(uint32_t generation) const {
  std::vector<uint8_t> result;
  char header[NLMSG_LENGTH(64)];
  const auto add = [&](const nlmsghdr* message) {
    result.insert(result.end(), header, header + NLMSG_ALIGN(message->nlmsg_len));
  };
  nlmsghdr* begin = nftnl_batch_begin(header, 0);
  if (generation) mnl_attr_put_u32(begin, NFNL_BATCH_GENID, htonl(generation));
  add(begin);
  result.insert(result.end(), bytes_.begin(), bytes_.end());
  add(nftnl_batch_end(header, last_sequence() + 1));
  return result;
}

std::string Batch::subject(uint32_t sequence) const {
  if (sequence == 0 || sequence > subjects_.size()) return "the transaction";
  return subjects_[sequence - 1];
}

const nlmsghdr* Batch::message(uint32_t sequence) const {
  if (sequence == 0 || sequence > begins_.size()) return nullptr;
  return reinterpret_cast<const nlmsghdr*>(bytes_.data() + begins_[sequence - 1]);
}

}  // namespace ipxlat::nft
