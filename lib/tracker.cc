// SPDX-License-Identifier: GPL-2.0-only
#include "lib/tracker.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ipxlat {
namespace {

// above the 32 KiB that the kernel fills at most in one part of a dump
constexpr size_t kBuffer = 65536;

// whose answers find room in a receive buffer of the least default size
constexpr size_t kAtOnce = 32;

// of an NLMSG_ERROR or NLMSG_DONE
int error_of(const nlmsghdr* message) {
  int code = 0;
  if (message->nlmsg_len >= NLMSG_LENGTH(sizeof code)) std::memcpy(&code, NLMSG_DATA(message), sizeof code);
  return -code;
}

// The bytes of one message, or an error.
Result<size_t> receive(mnl_socket* socket, std::vector<uint8_t>& buffer) {
  for (;;) {
    const ssize_t length = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
    if (length >= 0) return static_cast<size_t>(length);
    if (errno != EINTR) return tracker_error(errno, "read");
  }
}

template <class Take>
void for_each_message(const std::vector<uint8_t>& buffer, size_t length, Take take) {
  int left = static_cast<int>(length);
  const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
  for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) take(message);
}

bool is_entry(const nlmsghdr* message) {
  return message->nlmsg_type == (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW);
}

}  // namespace

NetlinkError tracker_error(int code, const std::string& undone) {
  std::string why = std::strerror(code);
  if (code == EPERM) why = "CAP_NET_ADMIN is missing";
  // no such subsystem
  if (code == EINVAL) why = "this kernel lacks module nf_conntrack_netlink";
  return {code, "connection tracking entries cannot be " + undone + ": " + why};
}

void NetlinkTracker::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<NetlinkTracker::Socket> NetlinkTracker::connect() {
  Socket socket(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    return tracker_error(errno, "read");
  return socket;
}

Result<std::unique_ptr<NetlinkTracker>> NetlinkTracker::open() {
  std::unique_ptr<NetlinkTracker> tracker(new NetlinkTracker);
  for (Socket* socket : {&tracker->dumps_, &tracker->lookups_}) {
    auto connected = connect();
    if (!connected) return connected.error();
    *socket = std::move(*connected);
  }
  tracker->buffer_.resize(kBuffer);
  tracker->answers_.resize(kBuffer);
  return tracker;
}

template <class Address>
Result<void> NetlinkTracker::visit(const VisitFlows<Address>& visit) {
  struct {
    nlmsghdr message;
    nfgenmsg header;
  } request{};
  request.message.nlmsg_len = sizeof request;
  request.message.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
  request.message.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.message.nlmsg_seq = ++sequence_;
  request.header.nfgen_family = sizeof(Address) == sizeof(in_addr) ? AF_INET : AF_INET6;
  if (mnl_socket_sendto(dumps_.get(), &request, sizeof request) < 0) return tracker_error(errno, "read");
  // a dump is read to its end even after an error: until then the socket takes no other
  Result<void> result;
  for (bool ended = false; !ended;) {
    const auto length = receive(dumps_.get(), buffer_);
    if (!length) return length.error();
    std::vector<Flow<Address>> flows;
    for_each_message(buffer_, *length, [&](const nlmsghdr* message) {
      if (message->nlmsg_seq != request.message.nlmsg_seq) return;
      if (is_entry(message)) {
        if (auto flow = parse_flow<Address>(message)) flows.push_back(std::move(*flow));
        return;
      }
      ended |= message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR;
      if (const int code = ended ? error_of(message) : 0; code > 0 && result)
        result = tracker_error(code, "read");
    });
    if (result && !flows.empty()) result = visit(flows);
  }
  return result;
}

Result<void> NetlinkTracker::visit6(const VisitFlows<in6_addr>& take) { return visit<in6_addr>(take); }
Result<void> NetlinkTracker::visit4(const VisitFlows<in_addr>& take) { return visit<in_addr>(take); }

// Each question has one answer, the entry or an error, and its own sequence number.
Result<void> NetlinkTracker::find_some(const Tuple4* tuples, size_t count,
                                       std::vector<std::optional<Flow4>>& found) {
  const uint32_t first = sequence_ + 1;
  std::vector<uint8_t> questions;
  for (size_t i = 0; i < count; i++) {
    const auto question = flow_question(tuples[i], ++sequence_);
    questions.insert(questions.end(), question.begin(), question.end());
  }
  const size_t base = found.size();
  found.resize(base + count);
  if (mnl_socket_sendto(lookups_.get(), questions.data(), questions.size()) < 0)
    return tracker_error(errno, "read");
  Result<void> result;
  for (size_t answered = 0; answered < count;) {
    const auto length = receive(lookups_.get(), answers_);
    if (!length) return length.error();
    for_each_message(answers_, *length, [&](const nlmsghdr* message) {
      const uint32_t which = message->nlmsg_seq - first;
      if (which >= count) return;
      answered++;
      if (is_entry(message)) found[base + which] = parse_flow<in_addr>(message);
      const int code = message->nlmsg_type == NLMSG_ERROR ? error_of(message) : 0;
      if (code > 0 && code != ENOENT && result) result = tracker_error(code, "read");
    });
  }
  return result;
}

Result<std::vector<std::optional<Flow4>>> NetlinkTracker::find(const std::vector<Tuple4>& tuples) {
  std::vector<std::optional<Flow4>> found;
  found.reserve(tuples.size());
  for (size_t at = 0; at < tuples.size(); at += kAtOnce) {
    const size_t count = std::min(kAtOnce, tuples.size() - at);
    if (auto done = find_some(&tuples[at], count, found); !done) return done.error();
  }
  return found;
}

}  // namespace ipxlat
