// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>  // in front of what <linux/netfilter.h> includes
#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>

#include "lib/owner.h"
#include "tools/ipxlatctl/doctor/observe.h"
#include "tools/ipxlatctl/doctor/read_rule.h"

namespace ipxlat::ctl::doctor {
namespace {

constexpr int kAttempts = 5;

NetlinkError system_error(int code) {
  return {code, std::string("nftables rules cannot be read: ") +
                    (code == EPERM ? "it needs CAP_NET_ADMIN" : std::strerror(code))};
}

using Take = std::function<bool(const nlmsghdr*)>;

int take_one(const nlmsghdr* message, void* take) {
  return (*static_cast<const Take*>(take))(message) ? MNL_CB_OK : MNL_CB_ERROR;
}

// A dump of one kind of thing. `about`, if given, adds to the request what it is of.
Result<void> dump(uint16_t type, Family family, const std::function<void(nlmsghdr*)>& about, Take take) {
  const auto close = [](mnl_socket* socket) { mnl_socket_close(socket); };
  std::unique_ptr<mnl_socket, decltype(close)> socket(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC),
                                                      close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return system_error(errno);
  std::vector<char> buffer(64 * 1024);
  nlmsghdr* request =
      nftnl_nlmsg_build_hdr(buffer.data(), type, static_cast<uint16_t>(family), NLM_F_DUMP, 1);
  if (about) about(request);
  if (mnl_socket_sendto(socket.get(), request, request->nlmsg_len) < 0) return system_error(errno);
  for (int state = MNL_CB_OK; state > MNL_CB_STOP;) {
    ssize_t length = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (length < 0) return system_error(errno);
    state = mnl_cb_run(buffer.data(), static_cast<size_t>(length), 1, mnl_socket_get_portid(socket.get()),
                       take_one, &take);
    if (state < 0) return system_error(errno);
  }
  return {};
}

template <class T>
using Owned = std::unique_ptr<T, void (*)(const T*)>;

// A table of ipxlatd, by its comment, which stands somewhere in the data.
bool has_owner_mark(const std::string& data) {
  auto at = data.find(owner_mark("").substr(0, 1));
  for (; at != data.npos; at = data.find(owner_mark("").substr(0, 1), at + 1))
    if (is_owner_mark(std::string_view(data).substr(at))) return true;
  return false;
}

bool take_table(const nlmsghdr* message, Ruleset& into) {
  Owned<nftnl_table> table(nftnl_table_alloc(), nftnl_table_free);
  if (!table || nftnl_table_nlmsg_parse(message, table.get()) < 0) return false;
  uint32_t length = 0;
  const void* data = nftnl_table_get_data(table.get(), NFTNL_TABLE_USERDATA, &length);
  if (data && has_owner_mark(std::string(static_cast<const char*>(data), length))) return true;
  if (nftnl_table_get_u32(table.get(), NFTNL_TABLE_FLAGS) & NFT_TABLE_F_DORMANT) return true;
  auto family = static_cast<Family>(nftnl_table_get_u32(table.get(), NFTNL_TABLE_FAMILY));
  if (family == Family::kInet || family == Family::kIp || family == Family::kIp6)
    into.push_back({family, nftnl_table_get_str(table.get(), NFTNL_TABLE_NAME), {}, {}});
  return true;
}

bool take_chain(const nlmsghdr* message, Table& into) {
  Owned<nftnl_chain> chain(nftnl_chain_alloc(), nftnl_chain_free);
  if (!chain || nftnl_chain_nlmsg_parse(message, chain.get()) < 0) return false;
  if (nftnl_chain_get_str(chain.get(), NFTNL_CHAIN_TABLE) != into.name) return true;
  const std::string name = nftnl_chain_get_str(chain.get(), NFTNL_CHAIN_NAME);
  Chain& read = into.chains[name];
  read.name = name;
  const char* type = nftnl_chain_get_str(chain.get(), NFTNL_CHAIN_TYPE);
  if (nftnl_chain_is_set(chain.get(), NFTNL_CHAIN_HOOKNUM) && type && std::strcmp(type, "filter") == 0)
    read.base = Base{static_cast<Hook>(nftnl_chain_get_u32(chain.get(), NFTNL_CHAIN_HOOKNUM)),
                     nftnl_chain_get_s32(chain.get(), NFTNL_CHAIN_PRIO),
                     nftnl_chain_get_u32(chain.get(), NFTNL_CHAIN_POLICY) == NF_DROP};
  return true;
}

bool take_rule(const nlmsghdr* message, Table& into) {
  Owned<nftnl_rule> rule(nftnl_rule_alloc(), nftnl_rule_free);
  if (!rule || nftnl_rule_nlmsg_parse(message, rule.get()) < 0) return false;
  auto chain = into.chains.find(nftnl_rule_get_str(rule.get(), NFTNL_RULE_CHAIN));
  if (chain != into.chains.end()) chain->second.rules.push_back(read_rule(rule.get()));
  return true;
}

Bytes bytes_of(nftnl_set_elem* element, uint16_t attribute) {
  uint32_t length = 0;
  const auto* data = static_cast<const uint8_t*>(nftnl_set_elem_get(element, attribute, &length));
  return data ? Bytes(data, data + length) : Bytes();
}

// The kernel leaves it out where there is none, and libnftnl reads through a null pointer then.
uint32_t flags_of(nftnl_set_elem* element) {
  return nftnl_set_elem_is_set(element, NFTNL_SET_ELEM_FLAGS)
             ? nftnl_set_elem_get_u32(element, NFTNL_SET_ELEM_FLAGS)
             : 0;
}

struct RawElement {
  Bytes key;
  bool ends;  // the first that is behind an interval
  std::optional<Give> give;
};

// The one before it.
Bytes before(Bytes key) {
  for (auto byte = key.rbegin(); byte != key.rend(); ++byte)
    if ((*byte)-- != 0) break;
  return key;
}

// Intervals are told as beginnings and ends.
std::vector<Element> intervals(std::vector<RawElement> raw) {
  std::sort(raw.begin(), raw.end(),
            [](const auto& a, const auto& b) { return a.key != b.key ? a.key < b.key : a.ends > b.ends; });
  std::vector<Element> elements;
  bool open = false;
  for (const RawElement& element : raw) {
    if (open && element.ends) elements.back().last = before(element.key);
    open = !element.ends;
    if (open) elements.push_back({element.key, Bytes(element.key.size(), 0xff), element.give});
  }
  return elements;
}

Result<void> read_elements(nftnl_set* set, Family family, Set& into) {
  std::vector<RawElement> raw;
  bool interval = nftnl_set_get_u32(set, NFTNL_SET_FLAGS) & NFT_SET_INTERVAL;
  auto take = [&](const nlmsghdr* message) {
    Owned<nftnl_set> part(nftnl_set_alloc(), nftnl_set_free);
    if (!part || nftnl_set_elems_nlmsg_parse(message, part.get()) < 0) return false;
    std::unique_ptr<nftnl_set_elems_iter, void (*)(nftnl_set_elems_iter*)> at(
        nftnl_set_elems_iter_create(part.get()), nftnl_set_elems_iter_destroy);
    while (nftnl_set_elem* element = nftnl_set_elems_iter_next(at.get())) {
      uint32_t flags = flags_of(element);
      if (flags & NFT_SET_ELEM_CATCHALL || nftnl_set_elem_is_set(element, NFTNL_SET_ELEM_KEY_END)) {
        into.readable = false;
        if (flags & NFT_SET_ELEM_CATCHALL) continue;
      }
      std::optional<Give> give;
      if (nftnl_set_elem_is_set(element, NFTNL_SET_ELEM_VERDICT))
        give = read_verdict(nftnl_set_elem_get_u32(element, NFTNL_SET_ELEM_VERDICT),
                            nftnl_set_elem_get_str(element, NFTNL_SET_ELEM_CHAIN));
      raw.push_back({bytes_of(element, NFTNL_SET_ELEM_KEY), (flags & NFT_SET_ELEM_INTERVAL_END) != 0, give});
    }
    return true;
  };
  auto about = [set](nlmsghdr* request) { nftnl_set_elems_nlmsg_build_payload(request, set); };
  if (auto done = dump(NFT_MSG_GETSETELEM, family, about, take); !done) return done;
  if (interval && into.readable)
    into.elements = intervals(std::move(raw));
  else
    for (RawElement& element : raw) into.elements.push_back({element.key, element.key, element.give});
  return {};
}

Result<void> read_sets(Table& table) {
  std::vector<Owned<nftnl_set>> sets;
  auto take = [&](const nlmsghdr* message) {
    Owned<nftnl_set> set(nftnl_set_alloc(), nftnl_set_free);
    if (!set || nftnl_set_nlmsg_parse(message, set.get()) < 0) return false;
    sets.push_back(std::move(set));
    return true;
  };
  auto about = [&](nlmsghdr* request) { mnl_attr_put_strz(request, NFTA_SET_TABLE, table.name.c_str()); };
  if (auto done = dump(NFT_MSG_GETSET, table.family, about, take); !done) return done;
  for (auto& set : sets) {
    Set& into = table.sets[nftnl_set_get_str(set.get(), NFTNL_SET_NAME)];
    if (auto done = read_elements(set.get(), table.family, into); !done) return done;
  }
  return {};
}

Result<void> read_table(Table& table) {
  if (auto done =
          dump(NFT_MSG_GETCHAIN, table.family, {}, [&](const auto* m) { return take_chain(m, table); });
      !done)
    return done;
  auto about = [&](nlmsghdr* request) { mnl_attr_put_strz(request, NFTA_RULE_TABLE, table.name.c_str()); };
  if (auto done =
          dump(NFT_MSG_GETRULE, table.family, about, [&](const auto* m) { return take_rule(m, table); });
      !done)
    return done;
  return read_sets(table);
}

Result<Ruleset> read_once() {
  Ruleset ruleset;
  auto all = static_cast<Family>(NFPROTO_UNSPEC);
  if (auto done = dump(NFT_MSG_GETTABLE, all, {}, [&](const auto* m) { return take_table(m, ruleset); });
      !done)
    return done.error();
  for (Table& table : ruleset)
    if (auto done = read_table(table); !done) return done.error();
  return ruleset;
}

}  // namespace

Result<Ruleset> read_ruleset() {
  // EINTR: it changed while it was read; ENOENT: so did what it is made of
  for (int attempt = 1;; ++attempt) {
    auto ruleset = read_once();
    if (ruleset || attempt == kAttempts) return ruleset;
    if (ruleset.error().code != EINTR && ruleset.error().code != ENOENT) return ruleset;
  }
}

}  // namespace ipxlat::ctl::doctor
