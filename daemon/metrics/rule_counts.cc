// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/metrics/rule_counts.h"

#include <arpa/inet.h>  // in front of what <linux/netfilter.h> includes
#include <libmnl/libmnl.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "daemon/kernel/nft_socket.h"
#include "daemon/nft/handle.h"
#include "daemon/nft/words.h"
#include "lib/owner.h"

namespace ipxlat::metrics {
namespace {

constexpr int kAttempts = 5;

struct OwnTable {
  nft::Family family;
  std::string name;
  std::string instance;
};

Result<std::vector<OwnTable>> own_tables(nft::Socket& socket) {
  std::vector<OwnTable> tables;
  const auto take = [&](const nlmsghdr* message) {
    auto table = nft::own(nftnl_table_alloc(), nftnl_table_free);
    if (nftnl_table_nlmsg_parse(message, table.get()) < 0) return false;
    uint32_t length = 0;
    const void* data = nftnl_table_get_data(table.get(), NFTNL_TABLE_USERDATA, &length);
    const std::string comment = nft::comment_of(data, length);
    if (is_owner_mark(comment))
      tables.push_back({static_cast<nft::Family>(nftnl_table_get_u32(table.get(), NFTNL_TABLE_FAMILY)),
                        nftnl_table_get_str(table.get(), NFTNL_TABLE_NAME), owner_of(comment)});
    return true;
  };
  const auto all = static_cast<nft::Family>(NFPROTO_UNSPEC);
  if (auto done = socket.dump(NFT_MSG_GETTABLE, all, [](nlmsghdr*) {}, take); !done) return done.error();
  return tables;
}

// Adds what the rule has counted, if it counts.
int take_counter(nftnl_expr* expression, void* into) {
  if (std::strcmp(nftnl_expr_get_str(expression, NFTNL_EXPR_NAME), "counter") != 0) return 0;
  auto* counted = static_cast<std::vector<RuleCount>*>(into);
  counted->push_back({{},
                      {},
                      {},
                      nftnl_expr_get_u64(expression, NFTNL_EXPR_CTR_PACKETS),
                      nftnl_expr_get_u64(expression, NFTNL_EXPR_CTR_BYTES)});
  return 0;
}

void add(const RuleCount& one, std::vector<RuleCount>& all) {
  auto same = std::find_if(all.begin(), all.end(), [&](const RuleCount& other) {
    return other.instance == one.instance && other.family == one.family && other.rule == one.rule;
  });
  if (same == all.end()) {
    all.push_back(one);
    return;
  }
  same->packets += one.packets;
  same->bytes += one.bytes;
}

Result<void> add_rules(nft::Socket& socket, const OwnTable& table, std::vector<RuleCount>& all) {
  const auto take = [&](const nlmsghdr* message) {
    auto rule = nft::own(nftnl_rule_alloc(), nftnl_rule_free);
    if (nftnl_rule_nlmsg_parse(message, rule.get()) < 0) return false;
    uint32_t length = 0;
    const void* data = nftnl_rule_get_data(rule.get(), NFTNL_RULE_USERDATA, &length);
    std::vector<RuleCount> counted;
    nftnl_expr_foreach(rule.get(), take_counter, &counted);
    for (RuleCount& one : counted) {
      one.instance = table.instance;
      one.family = table.family == nft::Family::kIp4 ? "ip" : "ip6";
      one.rule = nft::comment_of(data, length);
      add(one, all);
    }
    return true;
  };
  const auto about = [&](nlmsghdr* request) {
    mnl_attr_put_strz(request, NFTA_RULE_TABLE, table.name.c_str());
  };
  return socket.dump(NFT_MSG_GETRULE, table.family, about, take);
}

Result<std::vector<RuleCount>> read_once() {
  auto socket = nft::Socket::open();
  if (!socket) return socket.error();
  auto tables = own_tables(*socket);
  if (!tables) return tables.error();
  std::vector<RuleCount> all;
  for (const OwnTable& table : *tables)
    if (auto done = add_rules(*socket, table, all); !done) return done.error();
  return all;
}

}  // namespace

Result<std::vector<RuleCount>> read_rule_counts() {
  // EINTR: a change came between; ENOENT: it took away what was listed a moment ago
  for (int attempt = 1;; attempt++) {
    auto read = read_once();
    if (read || attempt == kAttempts) return read;
    if (read.error().code != EINTR && read.error().code != ENOENT) return read;
  }
}

}  // namespace ipxlat::metrics
