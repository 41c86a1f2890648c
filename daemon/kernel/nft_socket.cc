// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/nft_socket.h"

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "lib/owner.h"

namespace ipxlat::nft {
namespace {

constexpr auto kAllFamilies = static_cast<Family>(NFPROTO_UNSPEC);
constexpr int kReadAttempts = 5;

NetlinkError system_error(const std::string& what) {
  const int code = errno;
  return {code, what + ": " + (code == EPERM ? "CAP_NET_ADMIN is missing" : std::strerror(code))};
}

// The kernel's own sentence in an error message, or what errno says.
std::string reason(const nlmsghdr* message, int code) {
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
  size_t offset = sizeof *error;
  if (!(message->nlmsg_flags & NLM_F_CAPPED)) offset += error->msg.nlmsg_len - sizeof(nlmsghdr);
  std::string text = std::strerror(code);
  if (!(message->nlmsg_flags & NLM_F_ACK_TLVS)) return text;
  const auto take = [](const nlattr* attribute, void* into) {
    if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG)
      *static_cast<std::string*>(into) = mnl_attr_get_str(attribute);
    return MNL_CB_OK;
  };
  mnl_attr_parse(message, static_cast<unsigned>(offset), take, &text);
  return text;
}

std::string comment_of(const void* data, uint32_t length) {
  std::string comment;
  if (!data) return comment;
  const auto take = [](const nftnl_udata* attribute, void* into) {
    const auto* text = static_cast<const char*>(nftnl_udata_get(attribute));
    if (nftnl_udata_type(attribute) == NFTNL_UDATA_RULE_COMMENT)
      static_cast<std::string*>(into)->assign(text, strnlen(text, nftnl_udata_len(attribute)));
    return 0;
  };
  nftnl_udata_parse(data, length, take, &comment);
  return comment;
}

int take_table(const nlmsghdr* message, void* into) {
  std::unique_ptr<nftnl_table, void (*)(const nftnl_table*)> table(nftnl_table_alloc(), nftnl_table_free);
  if (!table || nftnl_table_nlmsg_parse(message, table.get()) < 0) return MNL_CB_ERROR;
  uint32_t length = 0;
  const void* data = nftnl_table_get_data(table.get(), NFTNL_TABLE_USERDATA, &length);
  TableSummary found{static_cast<Family>(nftnl_table_get_u32(table.get(), NFTNL_TABLE_FAMILY)),
                     nftnl_table_get_str(table.get(), NFTNL_TABLE_NAME),
                     comment_of(data, length),
                     {}};
  if (is_owner_mark(found.comment)) static_cast<TableSummaries*>(into)->push_back(std::move(found));
  return MNL_CB_OK;
}

int take_rule(const nlmsghdr* message, void* into) {
  std::unique_ptr<nftnl_rule, void (*)(const nftnl_rule*)> rule(nftnl_rule_alloc(), nftnl_rule_free);
  if (!rule || nftnl_rule_nlmsg_parse(message, rule.get()) < 0) return MNL_CB_ERROR;
  const auto family = static_cast<Family>(nftnl_rule_get_u32(rule.get(), NFTNL_RULE_FAMILY));
  const std::string name = nftnl_rule_get_str(rule.get(), NFTNL_RULE_TABLE);
  uint32_t length = 0;
  const void* data = nftnl_rule_get_data(rule.get(), NFTNL_RULE_USERDATA, &length);
  for (auto& table : *static_cast<TableSummaries*>(into))
    if (table.family == family && table.name == name)
      table.rules.push_back(std::string(nftnl_rule_get_str(rule.get(), NFTNL_RULE_CHAIN)) + ": " +
                            comment_of(data, length));
  return MNL_CB_OK;
}

}  // namespace

void Socket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<Socket> Socket::open() {
  Socket opened(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
  if (!opened.socket_ || mnl_socket_bind(opened.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    return system_error("nftables cannot be reached");
  int on = 1;
  mnl_socket_setsockopt(opened.socket_.get(), NETLINK_EXT_ACK, &on, sizeof on);
  mnl_socket_setsockopt(opened.socket_.get(), NETLINK_CAP_ACK, &on, sizeof on);
  // an acknowledgement for each message of a transaction
  int bytes = 1 << 20;
  setsockopt(mnl_socket_get_fd(opened.socket_.get()), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  return opened;
}

Result<void> Socket::send(const std::vector<uint8_t>& bytes) {
  int room = static_cast<int>(bytes.size());
  setsockopt(mnl_socket_get_fd(socket_.get()), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  if (mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) < 0)
    return system_error("nftables took no request");
  return {};
}

Result<void> Socket::commit(const Batch& batch) {
  if (auto sent = send(batch.finish()); !sent) return sent;
  // the kernel answers before sendmsg() returns
  std::optional<NetlinkError> refusal;
  bool complete = false;
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    ssize_t length = recv(mnl_socket_get_fd(socket_.get()), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) break;
    int left = static_cast<int>(length);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (message->nlmsg_type != NLMSG_ERROR) continue;
      const int code = -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error;
      if (code && !refusal)
        refusal = NetlinkError{
            code, "nftables refused the " + batch.subject(message->nlmsg_seq) + ": " + reason(message, code)};
      complete |= message->nlmsg_seq == batch.last_sequence();
    }
  }
  if (refusal) return *refusal;
  if (!complete) return NetlinkError{EIO, "nftables did not answer"};
  return {};
}

Result<void> Socket::dump(uint16_t type, Family family, const std::string& table, TableSummaries* into) {
  char request[512];
  const uint32_t sequence = ++sequence_;
  nlmsghdr* header =
      nftnl_nlmsg_build_hdr(request, type, static_cast<uint16_t>(family), NLM_F_DUMP, sequence);
  if (!table.empty()) mnl_attr_put_strz(header, NFTA_RULE_TABLE, table.c_str());
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0)
    return system_error("nftables took no request");
  std::vector<char> buffer(64 * 1024);
  int state = MNL_CB_OK;
  while (state > MNL_CB_STOP) {
    const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
    if (length < 0) return system_error("nftables did not answer");
    state =
        mnl_cb_run(buffer.data(), static_cast<size_t>(length), sequence, mnl_socket_get_portid(socket_.get()),
                   type == NFT_MSG_GETTABLE ? take_table : take_rule, into);
    if (state < 0) return system_error("nftables cannot be read");
  }
  return {};
}

Result<TableSummaries> Socket::read_tables() {
  TableSummaries found;
  if (auto done = dump(NFT_MSG_GETTABLE, kAllFamilies, "", &found); !done) return done.error();
  const TableSummaries tables = found;
  for (const auto& table : tables)
    if (auto done = dump(NFT_MSG_GETRULE, table.family, table.name, &found); !done) return done.error();
  return found;
}

Result<TableSummaries> read_tables() {
  // EINTR: the ruleset changed while it was read; what is left of that dump goes with its socket
  for (int attempt = 1;; attempt++) {
    auto socket = Socket::open();
    if (!socket) return socket.error();
    auto found = socket->read_tables();
    if (found || found.error().code != EINTR || attempt == kReadAttempts) return found;
  }
}

}  // namespace ipxlat::nft
