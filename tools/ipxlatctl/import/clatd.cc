// SPDX-License-Identifier: GPL-2.0-only
// clatd.conf, of clatd(8) 1.0 to 2.1.
#include <algorithm>
#include <optional>
#include <sstream>

#include "lib/networks.h"
#include "tools/ipxlatctl/import/importer.h"

namespace ipxlat::ctl {
namespace {

constexpr const char* kSpeaksToKernel = "ipxlatd speaks to the kernel itself";

class Clatd {
 public:
  explicit Clatd(const Source& source) : source_(source) {}

  Imported take();

  void device(const Setting& setting);
  void address4(const Setting& setting);
  void address6(const Setting& setting);
  void dns64(const Setting& setting);
  void plat_dev(const Setting& setting);
  void plat_prefix(const Setting& setting);
  void fallback_prefix(const Setting& setting);
  void check4(const Setting& setting);
  void route_enable(const Setting& setting);
  void route_replace(const Setting& setting);
  void route_metric(const Setting& setting);

 private:
  void read_lines();
  const Setting* find(const std::string& name) const;
  // Of a key that is there and not empty.
  bool has(const std::string& name) const { return find(name) && !find(name)->value.empty(); }
  bool flag(const std::string& name, bool by_default) const;
  std::string path(const char* key) const { return table_->path(key); }

  const Source& source_;
  std::vector<Setting> settings_;
  Account account_;
  std::optional<TomlTable> table_;
};

struct ClatdRow {
  const char* name;
  Outcome outcome;  // and why, where no function decides
  const char* why;
  void (Clatd::*decide)(const Setting& setting) = nullptr;
};

constexpr auto kNeedless = Outcome::kNotNeeded;
constexpr auto kMissing = Outcome::kNoCounterpart;

constexpr ClatdRow kClatdRows[] = {
    {"quiet", kNeedless, "ipxlatd has --log-level"},
    {"debug", kNeedless, "ipxlatd has --log-level"},
    {"script-up", kMissing,
     "ipxlatd runs no programs; ipxlatctl status --watch prints what a program may act upon"},
    {"script-down", kMissing,
     "ipxlatd runs no programs; ipxlatctl status --watch prints what a program may act upon"},
    {"clat-dev", kNeedless, "", &Clatd::device},
    {"clat-v4-addr", kNeedless, "", &Clatd::address4},
    {"clat-v6-addr", kNeedless, "", &Clatd::address6},
    {"ctmark", kNeedless, "rules that ipxlatd makes recognize what comes back"},
    {"dns64-servers", kNeedless, "", &Clatd::dns64},
    {"cmd-ip", kNeedless, kSpeaksToKernel},
    {"cmd-ip6tables", kNeedless, kSpeaksToKernel},
    {"cmd-nft", kNeedless, kSpeaksToKernel},
    {"cmd-tayga", kNeedless, "the kernel module translates"},
    {"cmd-ufw", kNeedless, "packets leave as the host's own; ipxlatctl doctor tells what is in the way"},
    {"forwarding-enable", kNeedless, "a CLAT needs no forwarding of IPv6"},
    {"ip6tables-enable", kNeedless,
     "packets leave as the host's own; ipxlatctl doctor tells what is in the way"},
    {"plat-dev", kNeedless, "", &Clatd::plat_dev},
    {"plat-prefix", kNeedless, "", &Clatd::plat_prefix},
    {"plat-fallback-prefix", kNeedless, "", &Clatd::fallback_prefix},
    {"proxynd-enable", kNeedless, "the uplink has the address itself"},
    {"route-table", kNeedless,
     "rules that ipxlatd makes recognize what comes back, without a table of routes"},
    {"tayga-conffile", kNeedless, "the kernel module translates"},
    {"tayga-v4-addr", kNeedless, "a CLAT has no hop of its own on the way of the host's packets"},
    {"v4-conncheck-enable", kNeedless, "", &Clatd::check4},
    {"v4-conncheck-delay", kNeedless, "a CLAT comes and goes as the network changes"},
    {"v4-defaultroute-enable", kNeedless, "", &Clatd::route_enable},
    {"v4-defaultroute-replace", kNeedless, "", &Clatd::route_replace},
    {"v4-defaultroute-metric", kNeedless, "", &Clatd::route_metric},
    {"v4-defaultroute-mtu", kNeedless,
     "the route has the uplink's MTU less 20 bytes, and path MTU discovery finds what is smaller"},
    {"v4-defaultroute-advmss", kNeedless, "it follows from the MTU of the route"},
};

std::string trimmed(const std::string& text) {
  constexpr const char* kBlanks = " \t\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

void Clatd::read_lines() {
  std::istringstream in(source_.text);
  size_t number = 0;
  for (std::string raw; std::getline(in, raw);) {
    number++;
    const std::string line = trimmed(raw);
    if (line.empty() || line[0] == '#' || line[0] == ';' || line.starts_with("//")) continue;
    const size_t equals = line.find('=');
    const std::string name = trimmed(line.substr(0, equals));
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return isalnum(c) || c == '-' || c == '_';
    });
    if (equals == line.npos || !is_name)
      throw Failure(source_.name + ":" + std::to_string(number) +
                    ": it is no setting; allowed: KEY=VALUE, or a "
                    "comment behind '#', ';' or '//'");
    settings_.push_back({name, trimmed(line.substr(equals + 1)), number});
  }
}

// The last one counts.
const Setting* Clatd::find(const std::string& name) const {
  const Setting* found = nullptr;
  for (const auto& setting : settings_)
    if (setting.name == name) found = &setting;
  return found;
}

bool Clatd::flag(const std::string& name, bool by_default) const {
  const Setting* setting = find(name);
  if (!setting) return by_default;
  return parsed(source_, *setting, setting->value, kBooleanAllowed, parse_boolean);
}

void Clatd::device(const Setting& setting) {
  table_->set("device", toml(setting.value));
  account_.taken(setting, path("device"));
}

void Clatd::address4(const Setting& setting) {
  const auto address = parsed(source_, setting, setting.value, "an IPv4 address",
                              [](const auto& t) { return parse_address4(t); });
  if (is_clat_address(address))
    return account_.not_needed(setting, "ipxlatd takes the first free address of 192.0.0.0/29");
  account_.no_counterpart(setting,
                          "the device has an address of 192.0.0.0/29; a network behind this host may "
                          "have others, with a prefix as address6 and with local4");
}

void Clatd::address6(const Setting& setting) {
  std::string choice = setting.value;
  if (choice == "derived")
    choice = "dedicated";
  else if (choice != "shared")
    choice = to_string(parsed(source_, setting, choice, "an IPv6 address, shared or derived",
                              [](const auto& text) { return parse_address6(text); }));
  table_->set("address6", toml(choice));
  account_.taken(setting, path("address6"));
}

void Clatd::dns64(const Setting& setting) {
  if (has("plat-prefix"))
    return account_.not_needed(setting, "plat-prefix says what they would be asked for");
  std::vector<std::string> taken;
  std::istringstream in(setting.value);
  for (std::string word; std::getline(in, word, ',');) {
    const std::string server = trimmed(word);
    const Setting one{setting.name, server, setting.line};
    try {
      taken.push_back(to_string(parse_address6(server)));
      account_.taken(one, path("dns"));
    } catch (const std::invalid_argument&) {
      account_.no_counterpart(one, "dns has IPv6 addresses alone");
    }
  }
  if (!taken.empty()) table_->set("dns", toml(taken));
}

void Clatd::plat_dev(const Setting& setting) {
  if (!source_.uplinks.empty()) return account_.not_needed(setting, "--uplinks is given");
  table_->set("uplinks", toml(std::vector{setting.value}));
  account_.taken(setting, path("uplinks"));
}

void Clatd::plat_prefix(const Setting& setting) {
  const auto prefix = parsed(source_, setting, setting.value, kPref64Allowed, parse_pref64);
  table_->set("pref64", toml(to_string(prefix)));
  account_.taken(setting, path("pref64"));
}

void Clatd::fallback_prefix(const Setting& setting) {
  parsed(source_, setting, setting.value, kPref64Allowed, parse_pref64);
  if (has("plat-prefix")) return account_.not_needed(setting, "plat-prefix is given");
  account_.no_counterpart(setting, "as long as nobody tells the prefix there is no CLAT; pref64 gives one");
}

void Clatd::check4(const Setting& setting) {
  if (flag("v4-defaultroute-replace", false))
    return account_.not_needed(setting, "v4-defaultroute-replace overrides it");
  table_->set("mode", toml(flag(setting.name, true) ? "auto" : "force"));
  account_.taken(setting, path("mode"));
}

void Clatd::route_enable(const Setting& setting) {
  if (flag(setting.name, true)) return account_.not_needed(setting, "a CLAT has a default route");
  account_.no_counterpart(setting,
                          "a CLAT has a default route; with a route-metric larger than that of another "
                          "one it is not used beside it");
}

void Clatd::route_replace(const Setting& setting) {
  if (!flag(setting.name, false)) return account_.not_needed(setting, "ipxlatd touches nobody else's routes");
  // which clatd does not ask for IPv4 with
  table_->set("mode", toml("force"));
  account_.no_counterpart(setting,
                          "ipxlatd touches nobody else's routes; mode is \"force\", and the CLAT is "
                          "preferred with a route-metric smaller than theirs");
}

void Clatd::route_metric(const Setting& setting) {
  const auto metric = parsed(source_, setting, setting.value, "an integer from 0 to 4294967295",
                             [](const auto& text) { return parse_number(text, 0, UINT32_MAX); });
  table_->set("route-metric", std::to_string(metric));
  account_.taken(setting, path("route-metric"));
}

Imported Clatd::take() {
  read_lines();
  table_.emplace("clat", instance_name(has("clat-dev") ? find("clat-dev")->value : "clat"));
  for (const Setting& setting : settings_) {
    const auto* row = std::find_if(std::begin(kClatdRows), std::end(kClatdRows),
                                   [&](const auto& one) { return setting.name == one.name; });
    if (row == std::end(kClatdRows))
      account_.unknown(setting);
    else if (find(setting.name)->line != setting.line)
      account_.not_needed(setting, "line " + std::to_string(find(setting.name)->line) + " says it anew");
    else if (setting.value.empty())
      account_.not_needed(setting, "it has no value");
    else if (row->decide)
      (this->*row->decide)(setting);
    else if (row->outcome == Outcome::kNoCounterpart)
      account_.no_counterpart(setting, row->why);
    else
      account_.not_needed(setting, row->why);
  }
  set_links(source_, *table_);
  if (!table_->has("uplinks")) {
    table_->set("uplinks", toml(std::vector<std::string>{"*"}));
    table_->remark("uplinks: whichever interface IPv6 leaves the host by, as without plat-dev");
  }
  return {account_, {*table_}};
}

}  // namespace

Imported import_clatd(const Source& source) { return Clatd(source).take(); }

}  // namespace ipxlat::ctl
