// SPDX-License-Identifier: GPL-2.0-only
#include "lib/genl_socket.h"

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "lib/attributes.h"

namespace ipxlat {
namespace {

// above the 32 KiB that the kernel fills at most in one part of a dump
constexpr size_t kReceiveBuffer = 65536;

// what the kernel holds back of a send buffer (net/netlink/af_netlink.c)
constexpr size_t kSendReserve = 32;

NetlinkError system_error(int code, const std::string& doing) {
  return {code, doing + ": " + std::strerror(code)};
}

// An NLMSG_ERROR, or an NLMSG_DONE that ends a dump: an errno below zero or zero, then, if the header
// is capped, the extended acknowledgement.
std::optional<NetlinkError> read_verdict(const nlmsghdr* message) {
  bool is_done = message->nlmsg_type == NLMSG_DONE;
  size_t fixed = is_done ? sizeof(int) : sizeof(nlmsgerr);
  const auto* bytes = reinterpret_cast<const uint8_t*>(message);
  if (message->nlmsg_len < NLMSG_HDRLEN + fixed) {
    if (is_done) return std::nullopt;
    throw MalformedMessage("an error message is cut short");
  }
  int code = 0;
  std::memcpy(&code, bytes + NLMSG_HDRLEN, sizeof code);
  if (code >= 0) return std::nullopt;

  NetlinkError error{-code, std::strerror(-code)};
  if (!(message->nlmsg_flags & NLM_F_ACK_TLVS)) return error;
  size_t head = NLMSG_HDRLEN + fixed;
  if (!is_done && !(message->nlmsg_flags & NLM_F_CAPPED)) {
    nlmsgerr quoted;
    std::memcpy(&quoted, bytes + NLMSG_HDRLEN, sizeof quoted);
    head += NLMSG_ALIGN(quoted.msg.nlmsg_len) - sizeof(nlmsghdr);
    if (quoted.msg.nlmsg_len < sizeof(nlmsghdr) || head > message->nlmsg_len) return error;
  }
  auto attributes = parse_attributes(std::span(bytes + head, message->nlmsg_len - head));
  if (const Attribute* text = find_attribute(attributes, NLMSGERR_ATTR_MSG)) error.text = text->as_string();
  if (const Attribute* offset = find_attribute(attributes, NLMSGERR_ATTR_OFFS))
    error.offset = offset->as<uint32_t>();
  return error;
}

GenlFamily read_family(const nlmsghdr* answer) {
  GenlFamily family;
  auto attributes = parse_attributes(answer);
  family.id = required(attributes, CTRL_ATTR_FAMILY_ID, "the family's number").as<uint16_t>();
  if (const Attribute* version = find_attribute(attributes, CTRL_ATTR_VERSION))
    family.version = version->as<uint32_t>();
  if (const Attribute* groups = find_attribute(attributes, CTRL_ATTR_MCAST_GROUPS)) {
    for (const Attribute& group : groups->nested()) {
      auto fields = group.nested();
      auto name = required(fields, CTRL_ATTR_MCAST_GRP_NAME, "a group's name").as_string();
      family.groups[name] = required(fields, CTRL_ATTR_MCAST_GRP_ID, "a group's number").as<uint32_t>();
    }
  }
  return family;
}

// What the answers to one request have said so far.
class Conversation {
 public:
  Conversation(uint32_t sequence, bool dump, const GenlSocket::Handler& handler)
      : sequence_(sequence), dump_(dump), handler_(handler) {}

  bool finished() const { return finished_; }

  // A dump is read to its end even after an error: until then the socket takes no other.
  void read(const nlmsghdr* message) {
    if (message->nlmsg_seq != sequence_) return;
    if (message->nlmsg_flags & NLM_F_DUMP_INTR) disturbed_ = true;
    switch (message->nlmsg_type) {
      case NLMSG_NOOP:
        break;
      case NLMSG_ERROR:
      case NLMSG_DONE:
        finished_ = true;
        if (auto error = read_verdict(message)) keep(*error);
        break;
      default:
        if (!handler_ || error_) break;
        if (auto handled = handler_(message); !handled) keep(handled.error());
    }
  }

  Result<void> result() const {
    if (error_) return *error_;
    if (dump_ && disturbed_) return NetlinkError{EINTR, "what was being read changed meanwhile"};
    return {};
  }

 private:
  void keep(const NetlinkError& error) {
    if (!error_) error_ = error;
  }

  uint32_t sequence_;
  bool dump_;
  const GenlSocket::Handler& handler_;
  std::optional<NetlinkError> error_;
  bool disturbed_ = false;
  bool finished_ = false;
};

// Calls `visit` for every message that is whole.
template <class Visit>
void for_each_message(const std::vector<uint8_t>& buffer, size_t length, Visit visit) {
  int left = static_cast<int>(length);
  const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
  for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) visit(message);
}

// The number of bytes, or an error with the reading call's errno.
Result<size_t> read_socket(int fd, std::vector<uint8_t>& buffer, int flags) {
  ssize_t length;
  do length = recv(fd, buffer.data(), buffer.size(), flags | MSG_TRUNC);
  while (length < 0 && errno == EINTR);
  if (length < 0) return system_error(errno, "cannot receive from the kernel");
  if (static_cast<size_t>(length) > buffer.size())
    return NetlinkError{EMSGSIZE, "a message of the kernel has " + std::to_string(length) + " bytes"};
  return static_cast<size_t>(length);
}

}  // namespace

void GenlSocket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

GenlSocket::GenlSocket(mnl_socket* socket) : socket_(socket) {}

Result<GenlSocket> GenlSocket::open() {
  GenlSocket opened(mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC));
  if (!opened.socket_) return system_error(errno, "cannot open a netlink socket");
  if (mnl_socket_bind(opened.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    return system_error(errno, "cannot bind a netlink socket");
  int on = 1;
  for (int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK})
    if (mnl_socket_setsockopt(opened.socket_.get(), option, &on, sizeof on) < 0)
      return system_error(errno, "cannot set up a netlink socket");
  return opened;
}

Result<GenlFamily> GenlSocket::resolve(const std::string& name) {
  GenlFamily family;
  Message message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
  message.put_string(CTRL_ATTR_FAMILY_NAME, name);
  auto done = request(message, [&family](const nlmsghdr* answer) -> Result<void> {
    family = read_family(answer);
    return {};
  });
  if (!done) return done.error();
  return family;
}

Result<void> GenlSocket::request(Message& message, const Handler& handler) {
  message.set_sequence(++sequence_);
  if (auto room = make_room(message.size()); !room) return room;
  if (mnl_socket_sendto(socket_.get(), message.header(), message.size()) < 0)
    return system_error(errno, "cannot send to the kernel");
  try {
    return read_answers(message, handler);
  } catch (const MalformedMessage& error) {
    return NetlinkError{EBADMSG, std::string("the kernel's answer is malformed: ") + error.what()};
  }
}

Result<void> GenlSocket::make_room(size_t length) {
  int wanted = static_cast<int>(length + kSendReserve);
  int have = 0;
  auto fits = [&] {
    socklen_t size = sizeof have;
    return getsockopt(fd(), SOL_SOCKET, SO_SNDBUF, &have, &size) == 0 && have >= wanted;
  };
  if (fits()) return {};
  // force needs privilege in the first user namespace, the other stops at net.core.wmem_max
  for (int option : {SO_SNDBUFFORCE, SO_SNDBUF})
    if (setsockopt(fd(), SOL_SOCKET, option, &wanted, sizeof wanted) == 0 && fits()) return {};
  return NetlinkError{EMSGSIZE, "a request of " + std::to_string(length) +
                                    " bytes does not fit into the send buffer of " + std::to_string(have) +
                                    " bytes (raise net.core.wmem_max)"};
}

Result<void> GenlSocket::read_answers(const Message& request, const Handler& handler) {
  Conversation conversation(request.header()->nlmsg_seq, request.is_dump(), handler);
  std::vector<uint8_t> buffer(kReceiveBuffer);
  while (!conversation.finished()) {
    auto length = read_socket(fd(), buffer, 0);
    if (!length) return length.error();
    for_each_message(buffer, *length, [&](const nlmsghdr* m) { conversation.read(m); });
  }
  return conversation.result();
}

Result<void> GenlSocket::join(uint32_t group) {
  if (mnl_socket_setsockopt(socket_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) == 0) return {};
  return system_error(errno, "cannot join a multicast group");
}

Result<void> GenlSocket::receive(const Handler& handler) {
  std::vector<uint8_t> buffer(kReceiveBuffer);
  auto length = read_socket(fd(), buffer, MSG_DONTWAIT);
  if (!length) return length.error();
  Result<void> result;
  for_each_message(buffer, *length, [&](const nlmsghdr* message) {
    if (!result || message->nlmsg_type < NLMSG_MIN_TYPE) return;
    result = handler(message);
  });
  return result;
}

int GenlSocket::fd() const { return mnl_socket_get_fd(socket_.get()); }

}  // namespace ipxlat
