// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/nft_socket.h"

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/gen.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "daemon/nft/lacking.h"

namespace ipxlat::nft {
namespace {

constexpr auto kAllFamilies = static_cast<Family>(NFPROTO_UNSPEC);

NetlinkError system_error(const std::string& what) {
  const int code = errno;
  return {code, what + ": " + (code == EPERM ? "CAP_NET_ADMIN is missing" : std::strerror(code))};
}

// What an error message says besides the number.
struct Refusal {
  std::string text;   // empty if there is none
  size_t offset = 0;  // of the attribute to blame

  static int take(const nlattr* attribute, void* into) {
    auto* refusal = static_cast<Refusal*>(into);
    if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG) refusal->text = mnl_attr_get_str(attribute);
    if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_OFFS) refusal->offset = mnl_attr_get_u32(attribute);
    return MNL_CB_OK;
  }
};

// The kernel's own sentence in an error message, what it lacks, or what errno says.
std::string reason(const nlmsghdr* message, int code, const nlmsghdr* request) {
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
  size_t offset = sizeof *error;
  if (!(message->nlmsg_flags & NLM_F_CAPPED)) offset += error->msg.nlmsg_len - sizeof(nlmsghdr);
  Refusal refusal;
  if (message->nlmsg_flags & NLM_F_ACK_TLVS)
    mnl_attr_parse(message, static_cast<unsigned>(offset), Refusal::take, &refusal);
  if (refusal.text.empty() && code == ENOENT && request) refusal.text = lacking(request, refusal.offset);
  return refusal.text.empty() ? std::strerror(code) : refusal.text;
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

Result<void> Socket::ask(uint16_t type, Family family, uint16_t flags,
                         const std::function<void(nlmsghdr*)>& fill,
                         const std::function<bool(const nlmsghdr*)>& take) {
  char request[1024];
  const uint32_t sequence = ++sequence_;
  nlmsghdr* header = nftnl_nlmsg_build_hdr(request, type, static_cast<uint16_t>(family), flags, sequence);
  fill(header);
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0)
    return system_error("nftables took no request");
  const auto call = [](const nlmsghdr* message, void* function) {
    const bool read = (*static_cast<const std::function<bool(const nlmsghdr*)>*>(function))(message);
    return read ? MNL_CB_OK : MNL_CB_ERROR;
  };
  std::vector<char> buffer(64 * 1024);
  int state = MNL_CB_OK;
  while (state > MNL_CB_STOP) {
    const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
    if (length < 0) return system_error("nftables did not answer");
    state =
        mnl_cb_run(buffer.data(), static_cast<size_t>(length), sequence, mnl_socket_get_portid(socket_.get()),
                   call, const_cast<std::function<bool(const nlmsghdr*)>*>(&take));
    if (state < 0) return system_error("nftables cannot be read");
  }
  return {};
}

Result<void> Socket::dump(uint16_t type, Family family, const std::function<void(nlmsghdr*)>& fill,
                          const std::function<bool(const nlmsghdr*)>& take) {
  return ask(type, family, NLM_F_DUMP, fill, take);
}

Result<uint32_t> Socket::generation() {
  uint32_t number = 0;
  const auto take = [&](const nlmsghdr* message) {
    const std::unique_ptr<nftnl_gen, void (*)(const nftnl_gen*)> gen(nftnl_gen_alloc(), nftnl_gen_free);
    if (!gen || nftnl_gen_nlmsg_parse(message, gen.get()) < 0) return false;
    number = nftnl_gen_get_u32(gen.get(), NFTNL_GEN_ID);
    return true;
  };
  if (auto done = ask(NFT_MSG_GETGEN, kAllFamilies, NLM_F_ACK, [](nlmsghdr*) {}, take); !done)
    return done.error();
  return number;
}

Result<void> Socket::commit(const Batch& batch, uint32_t generation) {
  const auto bytes = batch.finish(generation);
  int room = static_cast<int>(bytes.size());
  setsockopt(mnl_socket_get_fd(socket_.get()), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  if (mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) < 0)
    return system_error("nftables took no request");
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
      const uint32_t sequence = message->nlmsg_seq;
      if (code && !refusal)
        refusal = NetlinkError{code, "nftables refused the " + batch.subject(sequence) + ": " +
                                         reason(message, code, batch.message(sequence))};
      complete |= sequence == batch.last_sequence();
    }
  }
  if (refusal) return *refusal;
  if (!complete) return NetlinkError{EIO, "nftables did not answer"};
  return {};
}

}  // namespace ipxlat::nft
