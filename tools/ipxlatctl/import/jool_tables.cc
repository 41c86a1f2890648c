// SPDX-License-Identifier: GPL-2.0-only
// The tables of Jool: pool4, bib and eamt.
#include <strings.h>

#include <algorithm>

#include "lib/networks.h"
#include "tools/ipxlatctl/import/jool.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

constexpr const char* kProtocolAllowed = "TCP, UDP or ICMP";
constexpr const char* kPool4Allowed = "an IPv4 prefix, /8 to /32, or an address";

// "tcp", as ipxlatd.toml(5) has it; std::invalid_argument.
std::string parse_protocol(const std::string& text) {
  for (const char* protocol : {"tcp", "udp", "icmp"})
    if (strcasecmp(text.c_str(), protocol) == 0) return protocol;
  throw std::invalid_argument("'" + text + "' is no protocol");
}

struct TransportAddress {
  std::string address;
  unsigned port;
};

// "192.0.2.1#80"; std::invalid_argument.
template <class ParseAddress>
TransportAddress parse_transport(const std::string& text, ParseAddress parse_address) {
  const size_t hash = text.find('#');
  if (hash == text.npos) throw std::invalid_argument("'" + text + "' has no port");
  return {to_string(parse_address(text.substr(0, hash))), parse_number(text.substr(hash + 1), 0, 65535)};
}

std::string entry_name(const Setting& setting, size_t number) {
  return setting.name + "[" + std::to_string(number) + "]";
}

}  // namespace

// Of an object in one of the tables, a string that must be there.
std::string Jool::member(const Setting& entry, const ordered_json& object, const char* name,
                         const char* allowed) const {
  if (!object.is_object())
    refuse(source_, entry, std::string("it is a JSON ") + object.type_name(), "an object");
  const Setting setting{entry.name + "." + name, ""};
  if (!object.contains(name)) refuse(source_, setting, "it is missing", allowed);
  return text(setting, object[name], allowed);
}

Prefix4 Jool::pool4_prefix(const Setting& setting, const ordered_json& value) const {
  const Setting prefix{setting.name + ".prefix", ""};
  return parsed(
      source_, prefix, member(setting, value, "prefix", kPool4Allowed), kPool4Allowed, [](const auto& text) {
        const Prefix4 pool = text.find('/') == text.npos ? host(parse_address4(text)) : parse_network4(text);
        if (pool.length < 8) throw std::invalid_argument("'" + text + "' is too large");
        return pool;
      });
}

void Jool::pool4_entry(const Setting& entry, const ordered_json& value) {
  for (const auto& [name, one] : value.items()) {
    const Setting setting{entry.name + "." + name, shown(one)};
    if (name == "prefix") {
      account_.taken(setting, path("pool4"));
    } else if (name == "protocol") {
      parsed(source_, setting, text(setting, one, kProtocolAllowed), kProtocolAllowed, parse_protocol);
      account_.not_needed(setting, "an address of pool4 is for TCP, UDP and ICMP");
    } else if (name == "mark" && one == 0) {
      account_.not_needed(setting, "every packet has this one unless told otherwise");
    } else if (name == "mark") {
      account_.no_counterpart(setting, "a client's address decides to which of pool4 it goes");
    } else if (name == "port range") {
      account_.no_counterpart(setting,
                              "an address of pool4 is the NAT64's with all its ports; one that the host has "
                              "itself is shared with mode = \"masquerade\" and uplinks instead of pool4");
    } else if (name == "max-iterations") {
      account_.not_needed(setting, "the kernel bounds its search for a port itself");
    } else if (name == "comment") {
      account_.not_needed(setting, "it sets nothing");
    } else {
      account_.unknown(setting);
    }
  }
}

void Jool::pool4(const Setting& setting, const ordered_json& value) {
  if (pool_.empty())
    return account_.taken(setting, path("mode"), "the addresses of the uplinks are those that clients share");
  table_->set("pool4", toml(pool_));
  for (size_t i = 0; i < value.size(); i++) pool4_entry({entry_name(setting, i), ""}, value[i]);
}

void Jool::bib_entry(const Setting& entry, const ordered_json& value) {
  const auto protocol =
      parsed(source_, {entry.name + ".protocol", ""}, member(entry, value, "protocol", kProtocolAllowed),
             kProtocolAllowed, parse_protocol);
  constexpr const char* kAllowed6 = "an IPv6 address and a port, such as 2001:db8::1#80";
  constexpr const char* kAllowed4 = "an IPv4 address and a port, such as 192.0.2.1#80";
  const auto inside = parsed(
      source_, {entry.name + ".ipv6 address", ""}, member(entry, value, "ipv6 address", kAllowed6), kAllowed6,
      [](const auto& t) { return parse_transport(t, [](const auto& a) { return parse_address6(a); }); });
  const auto outside = parsed(
      source_, {entry.name + ".ipv4 address", ""}, member(entry, value, "ipv4 address", kAllowed4), kAllowed4,
      [](const auto& t) { return parse_transport(t, [](const auto& a) { return parse_address4(a); }); });
  for (const auto& [name, one] : value.items())
    if (name != "protocol" && name != "ipv6 address" && name != "ipv4 address" && name != "comment")
      account_.unknown({entry.name + "." + name, shown(one)});

  if (protocol == "icmp")
    return account_.no_counterpart(
        entry,
        "an identifier of a ping is no service; protocol = \"icmp\" in forward gives "
        "a server all pings to an address");
  if (inside.port == 0 || outside.port == 0) return account_.no_counterpart(entry, "a service has a port");
  if (protocol == "tcp" && is_set("drop-externally-initiated-tcp"))
    return account_.no_counterpart(entry,
                                   "drop-externally-initiated-tcp keeps it from those outside, and forward "
                                   "would open it to them");
  const auto holds = [&](const Prefix4& pool) { return contains(pool, parse_address4(outside.address)); };
  if (!pool_.empty() && std::none_of(pool_.begin(), pool_.end(), holds))
    return account_.no_counterpart(entry, "its IPv4 address is none of pool4");
  const Forward forward{.protocol = protocol,
                        .address = pool_.empty() ? "" : outside.address,
                        .port = outside.port,
                        .to = "[" + inside.address + "]:" + std::to_string(inside.port)};
  for (const auto& other : forwards_)
    if (other.protocol == forward.protocol && other.address == forward.address && other.port == forward.port)
      return account_.no_counterpart(entry, "another one has this port already");
  forwards_.push_back(forward);
  account_.taken(entry, path("forward"), pool_.empty() ? "at the addresses of the uplinks" : "");
}

void Jool::bib(const Setting& setting, const ordered_json& value) {
  if (!value.is_array()) refuse(source_, setting, "it is no array", "an array of objects");
  if (value.empty()) return account_.not_needed(setting, "it is empty");
  for (size_t i = 0; i < value.size(); i++) bib_entry({entry_name(setting, i), shown(value[i])}, value[i]);
}

void Jool::eamt(const Setting& setting, const ordered_json& value) {
  constexpr const char* kAllowed6 = "an IPv6 prefix or address";
  constexpr const char* kAllowed4 = "an IPv4 prefix or address";
  if (!value.is_array()) refuse(source_, setting, "it is no array", "an array of objects");
  if (value.empty()) return account_.not_needed(setting, "it is empty");
  for (size_t i = 0; i < value.size(); i++) {
    const Setting entry{entry_name(setting, i), shown(value[i])};
    const auto prefix6 = member(entry, value[i], "ipv6 prefix", kAllowed6);
    const auto prefix4 = member(entry, value[i], "ipv4 prefix", kAllowed4);
    map_.push_back(parsed(source_, entry, "", "an IPv4 and an IPv6 prefix",
                          [&](const auto&) { return parse_map_entry(prefix4, prefix6); }));
    for (const auto& [name, one] : value[i].items())
      if (name != "ipv6 prefix" && name != "ipv4 prefix" && name != "comment")
        account_.unknown({entry.name + "." + name, shown(one)});
  }
  account_.taken(
      {setting.name, "of " + std::to_string(map_.size()) + (map_.size() == 1 ? " entry" : " entries")},
      path("local-map"));
}

}  // namespace ipxlat::ctl
