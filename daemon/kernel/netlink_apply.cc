// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>

#include <cerrno>
#include <new>

#include "daemon/conntrack/entries.h"
#include "daemon/kernel/netlink_kernel.h"
#include "daemon/kernel/nft_tables.h"
#include "daemon/kernel/rtnl_socket.h"
#include "daemon/kernel/sysctl.h"
#include "lib/module_facts.h"
#include "lib/netlink.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

template <class T>
Handle<T> own(T* object, void (*release)(T*)) {
  if (!object) throw std::bad_alloc();
  return Handle<T>(object, release);
}

Handle<nl_addr> make_address(const Network& network) {
  const auto build = [](int family, const void* bytes, size_t size, int length) {
    auto address = own(nl_addr_build(family, bytes, size), nl_addr_put);
    nl_addr_set_prefixlen(address.get(), length);
    return address;
  };
  if (const auto* four = std::get_if<Prefix4>(&network))
    return build(AF_INET, &four->address, sizeof four->address, four->length);
  const auto& six = std::get<Prefix6>(network);
  return build(AF_INET6, &six.address, sizeof six.address, six.length);
}

// Does one step.
class Applier {
 public:
  explicit Applier(RtnlSocket& socket, std::string what) : socket_(socket), what_(std::move(what)) {}

  Result<void> put(const Device& device, const Device*) {
    auto link = own(rtnl_link_alloc(), rtnl_link_put);
    rtnl_link_set_name(link.get(), device.name.c_str());
    rtnl_link_set_type(link.get(), "ipxlat");
    const int error = rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL);
    if (error == -NLE_OPNOTSUPP)
      return NetlinkError{EOPNOTSUPP,
                          "cannot create device " + device.name + ": " + why_missing(read_module_facts())};
    if (error == -NLE_EXIST)
      return NetlinkError{EEXIST, "cannot create device " + device.name +
                                      ": there is an interface of that name which ipxlatd did not make"};
    if (error < 0) return failed(error);
    // creation takes neither alias nor settings
    auto done = turn({device.name, {}, 0, "", false}, device);
    if (!done) rtnl_link_delete(socket_.get(), link.get());
    return done;
  }

  Result<void> change(const Device& device, const Device* former) {
    auto done = turn(*former, device);
    // what is not what it was already stays: the first error is the one that tells
    if (!done) static_cast<void>(turn(device, *former));
    return done;
  }

  Result<void> drop(const Device& device, const Device*) {
    auto link = own(rtnl_link_alloc(), rtnl_link_put);
    rtnl_link_set_name(link.get(), device.name.c_str());
    return gone_is_fine(rtnl_link_delete(socket_.get(), link.get()));
  }

  Result<void> put(const Address& wanted, const Address*) {
    auto address = make(wanted);
    if (!address) return no_link(wanted.link);
    // an IPv6 address on somebody else's link: nothing native uses it as a source or finds a way by it
    if (is_ipv6(wanted.network)) {
      rtnl_addr_set_flags(address.get(), IFA_F_NOPREFIXROUTE);
      rtnl_addr_set_valid_lifetime(address.get(), UINT32_MAX);
      rtnl_addr_set_preferred_lifetime(address.get(), 0);
    }
    nl_msg* message = nullptr;
    if (int error = rtnl_addr_build_add_request(address.get(), NLM_F_CREATE | NLM_F_EXCL, &message);
        error < 0)
      return failed(error);
    nla_put_u8(message, IFA_PROTO, kProtocol);
    return socket_.request(message, what_);
  }

  Result<void> drop(const Address& gone, const Address*) {
    auto address = make(gone);
    if (!address) return {};
    return gone_is_fine(rtnl_addr_delete(socket_.get(), address.get(), 0));
  }

  Result<void> put(const Route& wanted, const Route*) {
    auto route = make(wanted);
    if (!route) return no_link(wanted.link);
    // behind what others have of the same destination and metric, so that a delete finds the old one first
    const int error = rtnl_route_add(socket_.get(), route.get(), NLM_F_CREATE | NLM_F_APPEND);
    return error < 0 ? Result<void>(failed(error)) : Result<void>();
  }

  Result<void> drop(const Route& gone, const Route*) {
    auto route = make(gone);
    if (!route) return {};
    return gone_is_fine(rtnl_route_delete(socket_.get(), route.get(), 0));
  }

  Result<void> put(const Proxy& proxy, const Proxy*) {
    auto neighbour = make(proxy);
    if (!neighbour) return no_link(proxy.link);
    nl_msg* message = nullptr;
    if (int error = rtnl_neigh_build_add_request(neighbour.get(), NLM_F_CREATE, &message); error < 0)
      return failed(error);
    nla_put_u8(message, NDA_PROTOCOL, kProtocol);
    return socket_.request(message, what_);
  }

  Result<void> drop(const Proxy& proxy, const Proxy*) {
    auto neighbour = make(proxy);
    if (!neighbour) return {};
    return gone_is_fine(rtnl_neigh_delete(socket_.get(), neighbour.get(), 0));
  }

  Result<void> put(const Tables& tables, const Tables*) {
    if (!tables.content) return NetlinkError{EINVAL, "cannot " + what_ + ": what was in them is not known"};
    std::vector<nft::Table> all;
    for (const auto& table : *tables.content)
      // the device may have been made a moment ago
      all.push_back(
          nft::with_indices(table, [](const std::string& device) { return if_nametoindex(device.c_str()); }));
    return nft::set_tables(tables.name, all);
  }

  Result<void> change(const Tables& tables, const Tables* former) { return put(tables, former); }

  Result<void> drop(const Tables& tables, const Tables*) { return nft::set_tables(tables.name, {}); }

  Result<void> put(const Sysctl& sysctl, const Sysctl*) { return write_sysctl(sysctl.path, sysctl.value); }

  Result<void> change(const Sysctl& sysctl, const Sysctl* former) { return put(sysctl, former); }

  Result<void> drop(const Sysctl& sysctl, const Sysctl* former) {
    // that of an interface goes with the interface
    if (!former || !read_sysctl(sysctl.path)) return {};
    return write_sysctl(sysctl.path, former->value);
  }

  Result<void> put(const Flush& flush, const Flush*) { return conntrack::delete_entries(flush.filter); }

  Result<void> drop(const Flush&, const Flush*) { return {}; }

  // Nothing is ever left to change of the kinds whose key is all of them.
  template <class Kind>
  Result<void> change(const Kind& resource, const Kind* former) {
    return put(resource, former);
  }

 private:
  NetlinkError failed(int error) const { return libnl_error(error, "cannot " + what_); }

  NetlinkError no_link(const std::string& name) const {
    return {ENODEV, "cannot " + what_ + ": there is no interface " + name};
  }

  Result<void> gone_is_fine(int error) const {
    switch (error) {
      case -NLE_OBJ_NOTFOUND:
      case -NLE_NODEV:
      case -NLE_NOADDR:
        return {};
    }
    return error < 0 ? Result<void>(failed(error)) : Result<void>();
  }

  // Makes a device be as `to`, part by part.
  Result<void> turn(const Device& from, const Device& to) {
    if (from.owner != to.owner) {
      const std::string alias = to.owner.empty() ? "" : owner_mark(to.owner);
      auto done = change_link(to.name, [&](rtnl_link* link) { rtnl_link_set_ifalias(link, alias.c_str()); });
      if (!done) return done;
    }
    const Change change = difference(from.config, to.config);
    if (!change.empty())
      if (auto done = configure(to.name, change); !done) return done;
    if (from.mtu != to.mtu) {
      auto done = change_link(to.name, [&](rtnl_link* link) { rtnl_link_set_mtu(link, to.mtu); });
      if (!done) return done;
    }
    if (from.up == to.up) return {};
    return change_link(to.name, [&](rtnl_link* link) {
      if (to.up) rtnl_link_set_flags(link, IFF_UP);
      if (!to.up) rtnl_link_unset_flags(link, IFF_UP);
    });
  }

  static Result<void> configure(const std::string& name, const Change& change) {
    auto devices = NetlinkDevices::open();
    if (!devices) return devices.error();
    auto done = (*devices)->change(name, change);
    if (!done)
      return NetlinkError{done.error().code, "cannot configure device " + name + ": " + done.error().text};
    return done;
  }

  template <class Set>
  Result<void> change_link(const std::string& name, Set set) {
    auto which = own(rtnl_link_alloc(), rtnl_link_put);
    auto change = own(rtnl_link_alloc(), rtnl_link_put);
    rtnl_link_set_ifindex(which.get(), index_of(name));
    set(change.get());
    const int error = rtnl_link_change(socket_.get(), which.get(), change.get(), 0);
    return error < 0 ? Result<void>(failed(error)) : Result<void>();
  }

  // The rest gives null where the link is not there.
  static int index_of(const std::string& link) { return static_cast<int>(if_nametoindex(link.c_str())); }

  static Handle<rtnl_addr> make(const Address& from) {
    const int ifindex = index_of(from.link);
    if (!ifindex) return {nullptr, rtnl_addr_put};
    auto address = own(rtnl_addr_alloc(), rtnl_addr_put);
    rtnl_addr_set_ifindex(address.get(), ifindex);
    rtnl_addr_set_local(address.get(), make_address(from.network).get());
    return address;
  }

  static uint8_t type_of(RouteType type) {
    switch (type) {
      case RouteType::kBlackhole:
        return RTN_BLACKHOLE;
      case RouteType::kUnreachable:
        return RTN_UNREACHABLE;
      case RouteType::kUnicast:
      case RouteType::kOther:
        break;
    }
    return RTN_UNICAST;
  }

  static Handle<rtnl_route> make(const Route& from) {
    const int ifindex = from.link.empty() ? 0 : index_of(from.link);
    if (!from.link.empty() && !ifindex) return {nullptr, rtnl_route_put};
    auto route = own(rtnl_route_alloc(), rtnl_route_put);
    rtnl_route_set_family(route.get(), is_ipv6(from.destination) ? AF_INET6 : AF_INET);
    rtnl_route_set_table(route.get(), RT_TABLE_MAIN);
    rtnl_route_set_protocol(route.get(), kProtocol);
    rtnl_route_set_type(route.get(), type_of(from.type));
    rtnl_route_set_scope(route.get(),
                         is_ipv6(from.destination) || !ifindex ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
    rtnl_route_set_dst(route.get(), make_address(from.destination).get());
    if (from.source) rtnl_route_set_src(route.get(), make_address(*from.source).get());
    if (from.preferred_source)
      rtnl_route_set_pref_src(route.get(), make_address(*from.preferred_source).get());
    rtnl_route_set_priority(route.get(), from.metric);
    if (from.mtu) rtnl_route_set_metric(route.get(), RTAX_MTU, from.mtu);
    if (ifindex) {
      rtnl_nexthop* hop = rtnl_route_nh_alloc();
      if (!hop) throw std::bad_alloc();
      rtnl_route_nh_set_ifindex(hop, ifindex);
      if (from.gateway) rtnl_route_nh_set_gateway(hop, make_address(*from.gateway).get());
      rtnl_route_add_nexthop(route.get(), hop);  // owns it
    }
    return route;
  }

  static Handle<rtnl_neigh> make(const Proxy& from) {
    const int ifindex = index_of(from.link);
    if (!ifindex) return {nullptr, rtnl_neigh_put};
    auto neighbour = own(rtnl_neigh_alloc(), rtnl_neigh_put);
    rtnl_neigh_set_ifindex(neighbour.get(), ifindex);
    rtnl_neigh_set_dst(neighbour.get(), make_address(host(from.address)).get());
    rtnl_neigh_set_flags(neighbour.get(), NTF_PROXY);
    return neighbour;
  }

  RtnlSocket& socket_;
  std::string what_;
};

}  // namespace

Result<void> NetlinkKernel::apply(const Step& step) {
  auto socket = RtnlSocket::open();
  if (!socket) return socket.error();
  Applier applier(*socket, describe(step));
  return std::visit(
      [&](const auto& resource) -> Result<void> {
        using Kind = std::decay_t<decltype(resource)>;
        const Kind* former = step.former ? &std::get<Kind>(*step.former) : nullptr;
        switch (step.action) {
          case Action::kPut:
            return applier.put(resource, former);
          case Action::kChange:
            return applier.change(resource, former);
          case Action::kDrop:
            break;
        }
        return applier.drop(resource, former);
      },
      step.resource);
}

}  // namespace ipxlat
