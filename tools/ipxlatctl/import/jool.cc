// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/import/jool.h"

#include <algorithm>

#include "lib/networks.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

enum class Of { kBoth, kSiit, kNat64 };

struct JoolRow {
  const char* name;
  Of of;
  void (Jool::*decide)(const Setting& setting, const ordered_json& value);
  // Where no function decides it is a boolean if there are two reasons: `off` of no need for false, `on` of
  // no counterpart for true. With one alone, that is so of every value.
  const char* off = nullptr;
  const char* on = nullptr;
};

constexpr const char* kNothing = "it sets nothing";
constexpr const char* kExceptions =
    "what is not to be translated is routed elsewhere: a route to a part of what ipxlatd routes holds";

constexpr JoolRow kJoolRows[] = {
    {"comment", Of::kBoth, nullptr, kNothing},
    {"instance", Of::kBoth, &Jool::instance},
    {"framework", Of::kBoth, &Jool::framework},
    {"global", Of::kBoth, &Jool::globals},
    {"pool6", Of::kBoth, &Jool::pool6},
    {"pool4", Of::kNat64, &Jool::pool4},
    {"bib", Of::kNat64, &Jool::bib},
    {"eamt", Of::kSiit, &Jool::eamt},
    {"denylist4", Of::kSiit, nullptr, nullptr, kExceptions},
    {"blacklist4", Of::kSiit, nullptr, nullptr, kExceptions},
    {"blacklist", Of::kSiit, nullptr, nullptr, kExceptions},
    {"pool6791", Of::kSiit, &Jool::error_source4},
};

constexpr const char* kNoSetting = "there is no setting for it, and RFC 7915 copies the value";

constexpr JoolRow kGlobalRows[] = {
    {"comment", Of::kBoth, nullptr, kNothing},
    {"pool6", Of::kBoth, &Jool::pool6},
    {"manually-enabled", Of::kBoth, &Jool::enabled},
    {"lowest-ipv6-mtu", Of::kBoth, &Jool::lowest_mtu},
    {"logging-debug", Of::kBoth, nullptr, "no packet is logged",
     "no packet is logged; ipxlatctl explain and the tracepoint ipxlat:ipxlat_drop say what becomes of one"},
    {"trace", Of::kBoth, nullptr, "no packet is logged",
     "no packet is logged; ipxlatctl explain and the tracepoint ipxlat:ipxlat_drop say what becomes of one"},
    {"zeroize-traffic-class", Of::kBoth, nullptr, "the type of service is copied",
     "the type of service is copied; a rule of nftables may set it (ip6 dscp set)"},
    {"override-tos", Of::kBoth, nullptr, "the traffic class is copied",
     "the traffic class is copied; a rule of nftables may set another (ip dscp set)"},
    {"tos", Of::kBoth, &Jool::tos},
    {"mtu-plateaus", Of::kBoth, nullptr, "the plateaus are those of RFC 1191, as far as IPv6 can have them"},
    // of Jool 3, and gone since
    {"fragment-arrival-timeout", Of::kBoth, nullptr, "fragments wait as long as net.ipv4.ipfrag_time says"},
    {"allow-atomic-fragments", Of::kBoth, nullptr, "there are no atomic fragments",
     "there are no atomic fragments (RFC 8021)"},

    {"amend-udp-checksum-zero", Of::kSiit, &Jool::udp_checksum},
    {"eam-hairpin-mode", Of::kSiit, &Jool::hairpin},
    {"randomize-rfc6791-addresses", Of::kSiit, nullptr, "icmp-source4 is one address"},
    {"rfc6791v4-prefix", Of::kSiit, &Jool::error_source4},
    {"rfc6791v6-prefix", Of::kSiit, &Jool::error_source6},

    {"address-dependent-filtering", Of::kNat64, &Jool::filtering},
    {"drop-externally-initiated-tcp", Of::kNat64, nullptr,
     "nobody outside begins a connection but to what is in forward, or with filtering = "
     "\"endpoint-independent\""},
    {"drop-icmpv6-info", Of::kNat64, nullptr, "pings are translated",
     "pings are translated; a rule of nftables may drop them (icmpv6 type)"},
    {"source-icmpv6-errors-better", Of::kNat64, &Jool::own_source},
    {"f-args", Of::kNat64, nullptr, nullptr,
     "the kernel chooses ports: a client keeps its own where that is free, and has one address for all"},
    {"handle-rst-during-fin-rcv", Of::kNat64, nullptr,
     "the connection tracker ends a connection with its reset"},
    {"tcp-est-timeout", Of::kNat64, &Jool::timeout},
    {"tcp-trans-timeout", Of::kNat64, &Jool::timeout},
    {"udp-timeout", Of::kNat64, &Jool::timeout},
    {"icmp-timeout", Of::kNat64, &Jool::timeout},
    {"logging-bib", Of::kNat64, &Jool::logging},
    {"logging-session", Of::kNat64, &Jool::logging},
    {"maximum-simultaneous-opens", Of::kNat64, nullptr,
     "a SYN from outside to a port that nobody has is not kept"},
    {"ss-enabled", Of::kNat64, nullptr, "nothing is synchronized unless conntrackd(8) does",
     "conntrackd(8) synchronizes the flows of two gateways; docs/examples/nat64-pair has how"},
    {"ss-flush-asap", Of::kNat64, &Jool::synchronization},
    {"ss-flush-deadline", Of::kNat64, &Jool::synchronization},
    {"ss-capacity", Of::kNat64, &Jool::synchronization},
    {"ss-max-payload", Of::kNat64, &Jool::synchronization},
    {"ss-max-sessions-per-packet", Of::kNat64, &Jool::synchronization},
};

template <size_t Size>
const JoolRow* find_row(const JoolRow (&rows)[Size], const std::string& name) {
  const auto* row = std::find_if(rows, rows + Size, [&](const auto& one) { return name == one.name; });
  return row == rows + Size ? nullptr : row;
}

const char* kind_name(Of of) { return of == Of::kSiit ? "siit" : "nat64"; }

const char* program_name(const std::string& kind) { return kind == "siit" ? "a SIIT" : "a NAT64"; }

// A prefix without a length is of one address; of a wider one, the first that a host may have.
in_addr first_host(const Prefix4& prefix) {
  in_addr address = masked(prefix).address;
  if (prefix.length < 31) address.s_addr = htonl(ntohl(address.s_addr) + 1);
  return address;
}

}  // namespace

std::string shown(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string Jool::text(const Setting& setting, const ordered_json& value, const char* allowed) const {
  if (!value.is_string()) refuse(source_, setting, std::string("it is a JSON ") + value.type_name(), allowed);
  return value.get<std::string>();
}

bool Jool::flag(const Setting& setting, const ordered_json& value) const {
  if (!value.is_boolean())
    refuse(source_, setting, std::string("it is a JSON ") + value.type_name(), "true or false");
  return value.get<bool>();
}

bool Jool::is_set(const char* global) const {
  return global_.contains(global) && flag({std::string("global.") + global, ""}, global_[global]);
}

// By what is there that only one of the two has.
void Jool::read_kind(const ordered_json& root) {
  std::string by;
  const auto look = [&](const auto& rows, const ordered_json& object, const std::string& prefix) {
    for (const auto& [name, value] : object.items()) {
      const auto* row = find_row(rows, name);
      if (!row || row->of == Of::kBoth) continue;
      const std::string kind = kind_name(row->of);
      if (!kind_.empty() && kind_ != kind)
        refuse(source_, {prefix + name, ""},
               std::string("it is a setting of ") + program_name(kind) + ", and " + by,
               std::string("those of ") + program_name(kind_));
      if (kind_.empty()) by = prefix + name + " of " + program_name(kind);
      kind_ = kind;
    }
  };
  kind_ = source_.kind;
  if (!kind_.empty()) by = "--kind is " + kind_;
  look(kJoolRows, root, "");
  look(kGlobalRows, global_, "global.");
  if (kind_.empty())
    throw UsageError(source_.name +
                     " may be of a NAT64 or of a SIIT; say which: --kind nat64 or --kind siit");
}

void Jool::read_facts(const ordered_json& root) {
  std::string name = "default";
  if (root.contains("instance")) name = text({"instance", ""}, root["instance"], "a name");
  table_.emplace(kind_, instance_name(name));
  const auto pool4 = root.value("pool4", ordered_json::array());
  if (!pool4.is_array()) refuse(source_, {"pool4", ""}, "it is no array", "an array of objects");
  std::vector<Prefix4> all;
  for (size_t i = 0; i < pool4.size(); i++)
    all.push_back(pool4_prefix({"pool4[" + std::to_string(i) + "]", ""}, pool4[i]));
  for (const auto& one : all) {
    const auto larger = [&](const Prefix4& other) { return covers(other, one) && !(other == one); };
    const bool there = std::find(pool_.begin(), pool_.end(), one) != pool_.end();
    if (!there && std::none_of(all.begin(), all.end(), larger)) pool_.push_back(one);
  }
}

void Jool::instance(const Setting& setting, const ordered_json& value) {
  const std::string name = value.get<std::string>();
  account_.taken(setting, "[" + table_->path() + "]",
                 instance_name(name) == name ? "" : "a name has letters, digits, '-', '_' and '.'");
}

void Jool::framework(const Setting& setting, const ordered_json& value) {
  const auto framework = text(setting, value, "netfilter or iptables");
  if (framework == "netfilter")
    return account_.not_needed(setting, "what is to be translated is routed into a device");
  if (framework != "iptables")
    refuse(source_, setting, "'" + framework + "' is none", "netfilter or iptables");
  account_.no_counterpart(setting,
                          "what is to be translated is routed into a device, whatever rules of iptables "
                          "sent to Jool");
}

void Jool::globals(const Setting&, const ordered_json& value) {
  for (const auto& [name, one] : value.items()) {
    const Setting setting{"global." + name, shown(one)};
    const auto* row = find_row(kGlobalRows, name);
    if (!row) {
      account_.unknown(setting);
    } else if (row->decide) {
      (this->*row->decide)(setting, one);
    } else if (!row->on) {
      account_.not_needed(setting, row->off);
    } else if (!row->off || flag(setting, one)) {
      account_.no_counterpart(setting, row->on);
    } else {
      account_.not_needed(setting, row->off);
    }
  }
}

void Jool::pool6(const Setting& setting, const ordered_json& value) {
  // Jool 3 had an array for a NAT64
  const auto& one = value.is_array() && value.size() == 1 ? value[0] : value;
  if (one.is_null() && !is_nat64()) return account_.not_needed(setting, "it says that there is none");
  const auto prefix =
      parsed(source_, setting, text(setting, one, kPref64Allowed), kPref64Allowed, parse_pref64);
  const char* key = is_nat64() ? "pref64" : "remote-prefix6";
  if (table_->has(key)) refuse(source_, setting, "there is another pool6", "one");
  table_->set(key, toml(to_string(prefix)));
  account_.taken(
      setting, path(key),
      is_nat64() ? "destinations that are not global are refused, but for those in allow-private" : "");
}

void Jool::enabled(const Setting& setting, const ordered_json& value) {
  constexpr const char* kWhy = "an instance that is in the configuration translates";
  if (flag(setting, value)) return account_.not_needed(setting, kWhy);
  account_.no_counterpart(setting, std::string(kWhy) + "; one that is not to is left out");
}

void Jool::own_source(const Setting& setting, const ordered_json& value) {
  constexpr const char* kWhy = "an ICMP error keeps its own source, translated (RFC 7915)";
  if (flag(setting, value)) return account_.not_needed(setting, kWhy);
  account_.no_counterpart(setting, kWhy);
}

void Jool::lowest_mtu(const Setting& setting, const ordered_json& value) {
  constexpr const char* kAllowed = "bytes, 1280 to 65535";
  parsed(source_, setting, shown(value), kAllowed,
         [](const auto& text) { return parse_number(text, 1280, 65535); });
  table_->set("lowest-ipv6-mtu", shown(value));
  account_.taken(setting, path("lowest-ipv6-mtu"));
}

void Jool::tos(const Setting& setting, const ordered_json&) {
  if (!is_set("override-tos")) return account_.not_needed(setting, "override-tos is not set");
  account_.no_counterpart(setting, kNoSetting);
}

void Jool::udp_checksum(const Setting& setting, const ordered_json& value) {
  table_->set("udp-zero-checksum", toml(flag(setting, value) ? "compute" : "drop"));
  account_.taken(setting, path("udp-zero-checksum"));
}

void Jool::hairpin(const Setting& setting, const ordered_json& value) {
  constexpr const char* kAllowed = "none, simple or intrinsic";
  const auto mode = text(setting, value, kAllowed);
  if (mode == "simple" || mode == "intrinsic")
    return account_.not_needed(setting,
                               "what goes from one mapping to another is translated twice (RFC 7757)");
  if (mode != "none") refuse(source_, setting, "'" + mode + "' is none of them", kAllowed);
  account_.no_counterpart(setting, "what goes from one mapping to another is translated twice (RFC 7757)");
}

void Jool::error_source4(const Setting& setting, const ordered_json& value) {
  constexpr const char* kAllowed = "an IPv4 prefix or null";
  if (value.is_null() || (value.is_array() && value.empty()))
    return account_.not_needed(setting, "it says that there is none, and icmp-source4 is 192.0.0.8");
  const auto prefix = parsed(source_, setting, text(setting, value.is_array() ? value[0] : value, kAllowed),
                             kAllowed, [](const auto& t) { return parse_map_entry(t, "::").prefix4; });
  table_->set("icmp-source4", toml(to_string(first_host(prefix))));
  account_.taken(setting, path("icmp-source4"), prefix.length < 32 ? "one address is enough" : "");
}

void Jool::error_source6(const Setting& setting, const ordered_json& value) {
  if (value.is_null()) return account_.not_needed(setting, "it says that there is none");
  account_.no_counterpart(setting,
                          "an ICMPv4 error from an address without an IPv6 form comes from the destination "
                          "of the packet that it quotes");
}

void Jool::filtering(const Setting& setting, const ordered_json& value) {
  if (!flag(setting, value))
    return account_.no_counterpart(setting,
                                   "filtering = \"endpoint-independent\" wants port-blocks and clients; "
                                   "without, a client is answered by whom it sent something");
  table_->set("filtering", toml("address-and-port-dependent"));
  account_.taken(setting, path("filtering"), "the port counts as well");
}

void Jool::logging(const Setting& setting, const ordered_json& value) {
  if (!flag(setting, value)) return account_.not_needed(setting, "nothing is logged unless it is asked for");
  table_->set("log", toml("sessions"));
  const bool destinations = setting.name == "global.logging-session";
  if (destinations) table_->set("log-destinations", "true");
  account_.taken(setting, path("log") + (destinations ? " and log-destinations" : ""));
}

namespace {

// "[[HH:]MM:]SS[.mmm]" in seconds, without those of "mmm". std::invalid_argument.
uint32_t parse_seconds(const std::string& text) {
  uint32_t seconds = 0;
  const std::string whole = text.substr(0, text.find('.'));
  size_t parts = 0;
  for (size_t at = 0; at <= whole.size();) {
    const size_t colon = std::min(whole.find(':', at), whole.size());
    if (++parts > 3) throw std::invalid_argument("'" + text + "' has too many colons");
    seconds = seconds * 60 + parse_number(whole.substr(at, colon - at), 0, 999999);
    at = colon + 1;
  }
  return seconds;
}

struct KeptFor {
  const char* setting;
  uint32_t seconds;
  uint32_t or_seconds;  // Jool asks the ends of an idle connection, and waits for the answer behind this time
  const char* what;
  const char* sysctl;  // that may make it more
};

constexpr KeptFor kKeptFor[] = {
    {"global.tcp-est-timeout", 7440, 7200, "an established connection of TCP", nullptr},
    {"global.tcp-trans-timeout", 240, 240, "a connection of TCP that begins or ends", nullptr},
    {"global.udp-timeout", 300, 300, "UDP", nullptr},
    {"global.icmp-timeout", 60, 60, "ICMP",
     "net.netfilter.nf_conntrack_icmp_timeout and nf_conntrack_icmpv6_timeout"},
};

}  // namespace

void Jool::timeout(const Setting& setting, const ordered_json& value) {
  constexpr const char* kAllowed = "a time as [[HH:]MM:]SS[.mmm]";
  const auto seconds = parsed(source_, setting, text(setting, value, kAllowed), kAllowed, parse_seconds);
  for (const auto& kept : kKeptFor) {
    if (setting.name != kept.setting) continue;
    const std::string why =
        std::string(kept.what) + " is kept for " + std::to_string(kept.seconds) + " seconds (RFC 6146)";
    if (seconds == kept.seconds || seconds == kept.or_seconds) return account_.not_needed(setting, why);
    account_.no_counterpart(setting, why + (kept.sysctl ? std::string(", or longer by ") + kept.sysctl : ""));
  }
}

void Jool::synchronization(const Setting& setting, const ordered_json&) {
  if (!is_set("ss-enabled")) return account_.not_needed(setting, "ss-enabled is not set");
  account_.no_counterpart(setting, "conntrackd(8) synchronizes, and has settings of its own");
}

void Jool::finish() {
  if (is_nat64() && !table_->has("pref64"))
    throw Failure(source_.name + ": global.pool6: it is missing; allowed: " + kPref64Allowed);
  if (!is_nat64() && !table_->has("remote-prefix6") && map_.empty())
    throw Failure(source_.name + ": there is neither pool6 nor eamt, and nothing to translate");
  if (!is_nat64()) {
    refuse_links(source_, "a SIIT");
    if (!map_.empty()) table_->set("local-map", toml(map_));
    return;
  }
  if (pool_.empty()) table_->set("mode", toml("masquerade"));
  set_links(source_, *table_);
  if (pool_.empty() && source_.uplinks.empty())
    table_->remark("uplinks = [\"eth1\"]  # to be filled in: the interfaces toward IPv4");
  if (!forwards_.empty()) table_->set("forward", toml(forwards_));
}

namespace {

ordered_json parse_file(const Source& source) {
  constexpr const char* kAllowed = "; allowed: the JSON object that jool file handle reads";
  try {
    auto root = ordered_json::parse(source.text);
    if (!root.is_object()) throw Failure(source.name + ": it is no JSON object" + kAllowed);
    return root;
  } catch (const ordered_json::parse_error& error) {
    const auto read = static_cast<ptrdiff_t>(std::min(error.byte, source.text.size()));
    const auto line = 1 + std::count(source.text.begin(), source.text.begin() + read, '\n');
    throw Failure(source.name + ":" + std::to_string(line) + ": it is not JSON" + kAllowed);
  }
}

}  // namespace

Imported Jool::take() {
  const auto root = parse_file(source_);
  global_ = root.value("global", ordered_json::object());
  if (!global_.is_object()) refuse(source_, {"global", ""}, "it is no object", "an object");
  read_kind(root);
  read_facts(root);
  for (const auto& [name, value] : root.items()) {
    const Setting setting{name, shown(value)};
    const auto* row = find_row(kJoolRows, name);
    if (!row)
      account_.unknown(setting);
    else if (row->decide)
      (this->*row->decide)(setting, value);
    else if (row->on)
      account_.no_counterpart(setting, row->on);
    else
      account_.not_needed(setting, row->off);
  }
  finish();
  return {account_, {*table_}};
}

Imported import_jool(const Source& source) { return Jool(source).take(); }

}  // namespace ipxlat::ctl
