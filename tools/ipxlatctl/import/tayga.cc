// SPDX-License-Identifier: GPL-2.0-only
// tayga.conf(5), of 0.9.2 to 0.9.6. With a dynamic pool it is a NAT64; with a prefix and a single address of
// 192.0.0.0/29 a CLAT; else a SIIT.
#include <strings.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "lib/networks.h"
#include "tools/ipxlatctl/import/importer.h"

namespace ipxlat::ctl {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kMapAllowed =
    "an IPv4 and an IPv6 address, or two prefixes with as many bits behind them";
constexpr const char* kLogWords[] = {"drop", "reject", "icmp", "self", "dyn"};

// What a public service is not found at, and a pool of it needs a NAT44 behind it.
bool is_private(const Prefix4& network) {
  for (const char* text : {"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"})
    if (covers(parse_prefix4(text), network)) return true;
  return false;
}

Words words_of(const std::string& line) {
  Words words;
  std::istringstream in(line);
  for (std::string word; in >> word && word[0] != '#';) words.push_back(word);
  return words;
}

class Tayga {
 public:
  explicit Tayga(const Source& source) : source_(source) {}

  Imported take();

  void device(const Setting& setting);
  void ipv4_addr(const Setting& setting);
  void ipv6_addr(const Setting& setting);
  void prefix(const Setting& setting);
  void wkpf_strict(const Setting& setting);
  void map(const Setting& setting);
  void dynamic_pool(const Setting& setting);
  void data_dir(const Setting& setting);
  void map_file(const Setting& setting);
  void fragment_header(const Setting& setting);
  void udp_checksum(const Setting& setting);
  void log(const Setting& setting);
  void offlink_mtu(const Setting& setting);
  void workers(const Setting& setting);
  void tun_up(const Setting& setting);
  void tun_ip(const Setting& setting);
  void tun_route(const Setting& setting);

 private:
  enum class Kind { kNat64, kClat, kSiit };

  void read_lines();
  void read_facts();
  TomlTable make_table() const;
  void finish(TomlTable& table, Imported& imported);
  std::string path(const char* key) const { return table_->path(key); }
  bool flag(const Setting& setting) const {
    return parsed(source_, setting, setting.value, kBooleanAllowed, parse_boolean);
  }
  Prefix4 pool_of(const Setting& setting) const;
  MapEntry entry_of(const Setting& setting) const;
  bool is_covered(const Setting& setting) const;

  const Source& source_;
  std::vector<Setting> settings_;
  // what the others depend on
  Kind kind_ = Kind::kSiit;
  std::string device_ = "tayga";
  std::optional<Prefix6> prefix_;
  std::optional<Prefix4> pool_;
  std::vector<MapEntry> map_;
  // what is written
  Account account_;
  std::optional<TomlTable> table_;
  std::vector<Forward> whole_;  // servers with an address of their own, beside a NAT64
};

struct TaygaRow {
  const char* name;
  size_t values;  // at least
  bool repeated;  // may be there several times
  void (Tayga::*decide)(const Setting& setting);
};

constexpr TaygaRow kTaygaRows[] = {
    {"tun-device", 1, false, &Tayga::device},
    {"ipv4-addr", 1, false, &Tayga::ipv4_addr},
    {"ipv6-addr", 1, false, &Tayga::ipv6_addr},
    {"prefix", 1, false, &Tayga::prefix},
    {"wkpf-strict", 1, false, &Tayga::wkpf_strict},
    {"map", 2, true, &Tayga::map},
    {"map-file", 1, false, &Tayga::map_file},
    {"dynamic-pool", 1, false, &Tayga::dynamic_pool},
    {"data-dir", 1, false, &Tayga::data_dir},
    {"strict-frag-hdr", 1, false, &Tayga::fragment_header},
    {"udp-cksum-mode", 1, false, &Tayga::udp_checksum},
    {"log", 1, false, &Tayga::log},
    {"offlink-mtu", 1, false, &Tayga::offlink_mtu},
    {"workers", 1, false, &Tayga::workers},
    {"tun-up", 1, false, &Tayga::tun_up},
    {"tun-ip", 1, true, &Tayga::tun_ip},
    {"tun-route", 1, true, &Tayga::tun_route},
};

const TaygaRow* row_of(const std::string& name) {
  for (const auto& row : kTaygaRows)
    if (strcasecmp(name.c_str(), row.name) == 0) return &row;
  return nullptr;
}

void Tayga::read_lines() {
  std::istringstream in(source_.text);
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    number++;
    const Words words = words_of(line);
    if (words.empty()) continue;
    Setting setting{words[0], "", number};
    for (size_t i = 1; i < words.size(); i++) setting.value += (i > 1 ? " " : "") + words[i];
    if (const auto* row = row_of(words[0])) {
      setting.name = row->name;
      if (words.size() <= row->values)
        refuse(
            source_, setting,
            "it has " + std::to_string(words.size() - 1) + " of " + std::to_string(row->values) + " values",
            row->values == 2 ? kMapAllowed : "a value behind it");
      const auto same = [&](const Setting& other) { return other.name == setting.name; };
      if (!row->repeated && std::any_of(settings_.begin(), settings_.end(), same))
        refuse(source_, setting, "it is there twice", "once");
    }
    settings_.push_back(setting);
  }
}

Prefix4 Tayga::pool_of(const Setting& setting) const {
  return parsed(source_, setting, setting.value, "an IPv4 prefix, /8 to /31, such as 192.168.255.0/24",
                [](const std::string& text) {
                  const Prefix4 pool = parse_network4(text);
                  if (pool.length < 8 || pool.length > 31)
                    throw std::invalid_argument("'" + text + "' has not from 2 to 16777216 addresses");
                  return pool;
                });
}

MapEntry Tayga::entry_of(const Setting& setting) const {
  return parsed(source_, setting, setting.value, kMapAllowed, [](const std::string& text) {
    const Words words = words_of(text);
    const MapEntry entry = parse_map_entry(words[0], words[1]);
    if (32 - entry.prefix4.length != 128 - entry.prefix6.length)
      throw std::invalid_argument("'" + text + "' are of different size");
    return MapEntry{masked(entry.prefix4), masked(entry.prefix6)};
  });
}

void Tayga::read_facts() {
  for (const Setting& setting : settings_) {
    if (setting.name == "tun-device") device_ = setting.value;
    if (setting.name == "prefix")
      prefix_ = parsed(source_, setting, setting.value, kPref64Allowed, parse_pref64);
    if (setting.name == "dynamic-pool") pool_ = pool_of(setting);
    if (setting.name == "map") map_.push_back(entry_of(setting));
  }
  if (!prefix_ && map_.empty())
    throw Failure(source_.name + ": there is neither a prefix nor a map, and nothing to translate");
  if (prefix_ && pool_)
    kind_ = Kind::kNat64;
  else if (prefix_ && map_.size() == 1 && map_[0].prefix4.length == 32 &&
           is_clat_address(map_[0].prefix4.address))
    kind_ = Kind::kClat;
}

TomlTable Tayga::make_table() const {
  const char* kind = kind_ == Kind::kNat64 ? "nat64" : kind_ == Kind::kClat ? "clat" : "siit";
  return {kind, instance_name(device_)};
}

void Tayga::device(const Setting& setting) {
  table_->set("device", toml(setting.value));
  account_.taken(setting, path("device"), "ipxlatd makes it");
}

void Tayga::ipv4_addr(const Setting& setting) {
  const auto address = parsed(source_, setting, setting.value, "an IPv4 address",
                              [](const auto& t) { return parse_address4(t); });
  if (kind_ == Kind::kClat)
    return account_.not_needed(setting, "a CLAT has no hop of its own on the way of the host's packets");
  if (pool_ && contains(*pool_, address))
    return account_.not_needed(setting,
                               "it is one of dynamic-pool, and errors without a source of their own "
                               "come from icmp-source4, which is 192.0.0.8");
  table_->set("icmp-source4", toml(to_string(address)));
  account_.taken(setting, path("icmp-source4"), "nobody answers pings to it");
}

void Tayga::ipv6_addr(const Setting& setting) {
  parsed(source_, setting, setting.value, "an IPv6 address", [](const auto& t) { return parse_address6(t); });
  account_.not_needed(setting, "the host's own addresses are the source of ICMPv6 errors");
}

void Tayga::prefix(const Setting& setting) {
  if (kind_ == Kind::kSiit) {
    table_->set("remote-prefix6", toml(to_string(*prefix_)));
    return account_.taken(setting, path("remote-prefix6"));
  }
  table_->set("pref64", toml(to_string(*prefix_)));
  account_.taken(setting, path("pref64"),
                 kind_ == Kind::kNat64
                     ? "destinations that are not global are refused, but for those in allow-private"
                     : "");
}

void Tayga::wkpf_strict(const Setting& setting) {
  const bool strict = flag(setting);
  const bool well_known = prefix_ && *prefix_ == parse_prefix6("64:ff9b::/96");
  if (!well_known) return account_.not_needed(setting, "the prefix is not 64:ff9b::/96");
  if (kind_ == Kind::kClat)
    return account_.not_needed(setting, "the NAT64 of the network decides where the prefix leads");
  if (kind_ == Kind::kSiit && strict)
    return account_.no_counterpart(setting,
                                   "a SIIT translates every address; a rule of nftables may refuse "
                                   "those that are not global");
  if (kind_ == Kind::kSiit) return account_.not_needed(setting, "a SIIT translates every address");
  if (strict)
    return account_.not_needed(setting, "destinations that are not global are refused below every prefix");
  table_->set("allow-private", R"(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"])");
  account_.taken(setting, path("allow-private"));
}

void Tayga::map(const Setting& setting) {
  const MapEntry entry = entry_of(setting);
  if (kind_ == Kind::kSiit) return account_.taken(setting, path("local-map"));
  if (kind_ == Kind::kClat) {
    table_->set("address6", toml(to_string(entry.prefix6.address)));
    return account_.taken(setting, path("address6"), "the device has an address of 192.0.0.0/29");
  }
  if (overlap(*pool_, entry.prefix4))
    return account_.no_counterpart(setting,
                                   "a NAT64 has all of its pool4; single ports of it are for forward");
  if (entry.prefix4.length != 32)
    return account_.no_counterpart(setting,
                                   "beside a NAT64 each server needs an address of its own in a "
                                   "NAT46, or the network a SIIT with another prefix");
  whole_.push_back({.address = to_string(entry.prefix4.address), .to = to_string(entry.prefix6.address)});
  account_.taken(setting, device_ == "maps" ? "nat46.maps46.forward" : "nat46.maps.forward",
                 "the server sees IPv4 below 64:ff9b:1:46::/96, which has to come to this host");
}

void Tayga::dynamic_pool(const Setting& setting) {
  if (!prefix_) return account_.no_counterpart(setting, "there is no prefix below which clients see IPv4");
  if (is_private(*pool_)) table_->set("mode", toml("masquerade"));
  table_->set("pool4", toml(std::vector{*pool_}));
  account_.taken(setting, path("pool4"),
                 is_private(*pool_) ? "its addresses are private, so that ipxlatd masquerades them behind "
                                      "uplinks, and a NAT44 rule for them is not needed"
                                    : "clients share its addresses by ports");
}

void Tayga::data_dir(const Setting& setting) {
  if (!pool_) return account_.not_needed(setting, "there is no dynamic-pool to remember");
  account_.no_counterpart(setting,
                          "flows are in the kernel, and last while the daemon restarts but not while "
                          "the host does; port-blocks give a client the same address always");
}

void Tayga::map_file(const Setting& setting) {
  if (kind_ == Kind::kSiit)
    return account_.no_counterpart(setting,
                                   "it is not read; its lines without the word map make a file for "
                                   "local-map-file, which is there instead of local-map");
  account_.no_counterpart(setting, "it is not read; append its lines to this file");
}

void Tayga::fragment_header(const Setting& setting) {
  if (flag(setting))
    return account_.no_counterpart(setting, "what is no fragment and fits has no Fragment header (RFC 7915)");
  account_.not_needed(setting, "what is no fragment and fits has no Fragment header");
}

void Tayga::udp_checksum(const Setting& setting) {
  const std::string key = parsed(source_, setting, setting.value, "drop, fwd or calc", [](const auto& text) {
    const auto begins = [&](const std::string& word) {
      return strncasecmp(text.c_str(), word.c_str(), word.size()) == 0;
    };
    if (begins("dr")) return "drop";
    if (begins("calc")) return "compute";
    if (begins("forw") || begins("fwd")) return "forward";
    throw std::invalid_argument("'" + text + "' is none of them");
  });
  if (kind_ == Kind::kClat && key == "compute") return account_.not_needed(setting, "a CLAT does so");
  if (kind_ == Kind::kClat) return account_.no_counterpart(setting, "a CLAT computes the checksum");
  table_->set("udp-zero-checksum", toml(key));
  account_.taken(setting, path("udp-zero-checksum"));
}

void Tayga::log(const Setting& setting) {
  for (const auto& word : words_of(setting.value)) {
    const Setting one{setting.name, word, setting.line};
    const auto same = [&](const char* known) { return strcasecmp(word.c_str(), known) == 0; };
    if (std::none_of(std::begin(kLogWords), std::end(kLogWords), same))
      refuse(source_, one, "'" + word + "' is none of them", "drop, reject, icmp, self and dyn");
    if (same("self")) {
      account_.not_needed(one, "a device has no address to which packets go");
    } else if (!same("dyn")) {
      account_.no_counterpart(one,
                              "no packet is logged; ipxlatctl stats counts them by reason, and the "
                              "tracepoint ipxlat:ipxlat_drop shows each");
    } else if (kind_ != Kind::kNat64) {
      account_.not_needed(one, "there is no dynamic-pool");
    } else {
      table_->set("log", toml("sessions"));
      account_.taken(one, path("log"));
    }
  }
}

void Tayga::offlink_mtu(const Setting& setting) {
  const auto bytes = parsed(source_, setting, setting.value, "bytes, 1280 to 65535",
                            [](const auto& text) { return parse_number(text, 1280, 65535); });
  if (kind_ == Kind::kClat)
    return account_.not_needed(setting, "the IPv4 route has what fits the uplink's MTU");
  table_->set("lowest-ipv6-mtu", std::to_string(bytes));
  account_.taken(setting, path("lowest-ipv6-mtu"));
}

void Tayga::workers(const Setting& setting) {
  account_.not_needed(setting, "the kernel translates on every CPU");
}

void Tayga::tun_up(const Setting& setting) { account_.not_needed(setting, "ipxlatd sets its device up"); }

void Tayga::tun_ip(const Setting& setting) {
  account_.not_needed(setting, kind_ == Kind::kClat ? "ipxlatd gives the device its address"
                                                    : "the device works without an address");
}

// All of what ipxlatd routes into the device.
bool Tayga::is_covered(const Setting& setting) const {
  const std::string text = setting.value;
  const bool whole = text.find('/') == text.npos;
  const auto convert = [&](const auto& t) -> Network {
    if (t.find(':') != t.npos) return whole ? host(parse_address6(t)) : masked(parse_prefix6(t));
    return whole ? host(parse_address4(t)) : masked(parse_prefix4(t));
  };
  const Network route = parsed(source_, setting, text, "an address or a prefix", convert);
  if (const auto* route6 = std::get_if<Prefix6>(&route)) return prefix_ && *prefix_ == *route6;
  const auto& route4 = std::get<Prefix4>(route);
  if (kind_ == Kind::kClat) return is_default(route) || is_clat_address(route4.address);
  if (pool_ && *pool_ == route4) return true;
  return std::any_of(map_.begin(), map_.end(), [&](const auto& one) { return one.prefix4 == route4; });
}

void Tayga::tun_route(const Setting& setting) {
  if (is_covered(setting)) return account_.not_needed(setting, "ipxlatd makes the routes to its device");
  account_.no_counterpart(setting, kind_ == Kind::kNat64
                                       ? "the prefix or the networks of it in routes4, and the pool, are "
                                         "routed; another route is made with ip-route(8)"
                                       : "the prefix and what is mapped are routed; another route is made "
                                         "with ip-route(8)");
}

void Tayga::finish(TomlTable& table, Imported& imported) {
  if (kind_ == Kind::kSiit) {
    refuse_links(source_, "a SIIT");
    if (!map_.empty()) table.set("local-map", toml(map_));
  }
  set_links(source_, table);
  if (kind_ == Kind::kClat && source_.uplinks.empty()) {
    table.set("uplinks", toml(Words{"*"}));
    table.remark("uplinks: whichever interface IPv6 leaves the host by; TAYGA was not told one");
  }
  if (kind_ == Kind::kNat64 && source_.uplinks.empty() && is_private(*pool_))
    table.remark("uplinks = [\"eth1\"]  # to be filled in: the interfaces toward IPv4");
  imported.tables.push_back(table);
  if (whole_.empty()) return;
  TomlTable servers("nat46", device_ == "maps" ? "maps46" : "maps");
  set_links(source_, servers);
  servers.set("forward", toml(whole_));
  imported.tables.push_back(servers);
}

Imported Tayga::take() {
  read_lines();
  read_facts();
  table_ = make_table();
  for (const Setting& setting : settings_) {
    if (const auto* row = row_of(setting.name))
      (this->*row->decide)(setting);
    else
      account_.unknown(setting);
  }
  Imported imported;
  finish(*table_, imported);
  imported.account = account_;
  return imported;
}

}  // namespace

Imported import_tayga(const Source& source) { return Tayga(source).take(); }

}  // namespace ipxlat::ctl
