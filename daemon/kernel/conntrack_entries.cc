// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/conntrack_entries.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "daemon/kernel/mnl_attributes.h"

namespace ipxlat {
namespace {

using Socket = std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)>;

NetlinkError failed(const std::string& what) {
  const int code = errno;
  return {code, "connection tracking entries cannot be " + what + ": " +
                    (code == EPERM ? "CAP_NET_ADMIN is missing" : std::strerror(code))};
}

bool holds(const std::optional<Network>& network, const nlattr* four, const nlattr* six) {
  if (!network) return true;
  if (const auto* prefix = std::get_if<Prefix4>(&*network)) {
    in_addr address;
    if (!four || mnl_attr_get_payload_len(four) != sizeof address) return false;
    std::memcpy(&address, mnl_attr_get_payload(four), sizeof address);
    return contains(*prefix, address);
  }
  in6_addr address;
  if (!six || mnl_attr_get_payload_len(six) != sizeof address) return false;
  std::memcpy(&address, mnl_attr_get_payload(six), sizeof address);
  return contains(std::get<Prefix6>(*network), address);
}

// One entry, as much of it as names it.
struct Entry {
  uint8_t family;
  std::vector<char> tuple;  // the attribute, with its header
  std::optional<uint32_t> id;
  std::optional<uint16_t> zone;  // both in network byte order
};

struct Search {
  const Flush& flush;
  std::vector<Entry> found;

  static int take(const nlmsghdr* message, void* into) {
    auto& self = *static_cast<Search*>(into);
    const auto all = mnl_attributes<CTA_MAX>(message, sizeof(nfgenmsg));
    const nlattr* original = all[CTA_TUPLE_ORIG];
    const auto ip = mnl_nested<CTA_IP_MAX>(mnl_nested<CTA_TUPLE_MAX>(original)[CTA_TUPLE_IP]);
    const auto& flush = self.flush;
    if (!original || !holds(flush.source, ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC]) ||
        !holds(flush.destination, ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST]))
      return MNL_CB_OK;
    Entry entry{static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message))->nfgen_family, {}, {}, {}};
    const auto* bytes = reinterpret_cast<const char*>(original);
    entry.tuple.assign(bytes, bytes + MNL_ALIGN(original->nla_len));
    if (all[CTA_ID]) entry.id = mnl_attr_get_u32(all[CTA_ID]);
    if (all[CTA_ZONE]) entry.zone = mnl_attr_get_u16(all[CTA_ZONE]);
    if (flush.zone && ntohs(entry.zone.value_or(0)) != *flush.zone) return MNL_CB_OK;
    self.found.push_back(std::move(entry));
    return MNL_CB_OK;
  }
};

class Table {
 public:
  static Result<Table> open() {
    Table opened(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
    if (!opened.socket_ || mnl_socket_bind(opened.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
      return failed("reached");
    return opened;
  }

  Result<std::vector<Entry>> search(const Flush& flush) {
    nlmsghdr* header = request(IPCTNL_MSG_CT_GET, AF_UNSPEC, NLM_F_DUMP);
    Search search{flush, {}};
    if (!exchange(header, Search::take, &search)) return failed("read");
    return std::move(search.found);
  }

  Result<void> remove(const Entry& entry) {
    nlmsghdr* header = request(IPCTNL_MSG_CT_DELETE, entry.family, NLM_F_ACK);
    std::memcpy(mnl_nlmsg_get_payload_tail(header), entry.tuple.data(), entry.tuple.size());
    header->nlmsg_len += static_cast<uint32_t>(entry.tuple.size());
    if (entry.id) mnl_attr_put_u32(header, CTA_ID, *entry.id);
    if (entry.zone) mnl_attr_put_u16(header, CTA_ZONE, *entry.zone);
    if (exchange(header, nullptr, nullptr) || errno == ENOENT) return {};
    return failed("deleted");
  }

 private:
  explicit Table(mnl_socket* socket)
      : socket_(socket, mnl_socket_close), buffer_(static_cast<size_t>(64) * 1024) {}

  nlmsghdr* request(int type, uint8_t family, int flags) {
    nlmsghdr* header = mnl_nlmsg_put_header(buffer_.data());
    header->nlmsg_type = static_cast<uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | type);
    header->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    header->nlmsg_seq = ++sequence_;
    auto* generic = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
    *generic = {family, NFNETLINK_V0, 0};
    return header;
  }

  // False with errno.
  bool exchange(const nlmsghdr* header, mnl_cb_t take, void* into) {
    if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) return false;
    int state = MNL_CB_OK;
    while (state > MNL_CB_STOP) {
      const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
      if (length < 0) return false;
      state = mnl_cb_run(buffer_.data(), static_cast<size_t>(length), sequence_,
                         mnl_socket_get_portid(socket_.get()), take, into);
    }
    return state == MNL_CB_STOP;
  }

  Socket socket_;
  std::vector<char> buffer_;
  uint32_t sequence_ = 0;
};

}  // namespace

Result<void> delete_entries(const Flush& flush) {
  auto table = Table::open();
  if (!table) return table.error();
  auto entries = table->search(flush);
  if (!entries) return entries.error();
  for (const auto& entry : *entries)
    if (auto done = table->remove(entry); !done) return done;
  return {};
}

}  // namespace ipxlat
