// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/import/importer.h"

#include <strings.h>

#include <charconv>

#include "lib/networks.h"

namespace ipxlat::ctl {

void refuse(const Source& source, const Setting& setting, const std::string& wrong,
            const std::string& allowed) {
  const std::string line = setting.line == 0 ? "" : ":" + std::to_string(setting.line);
  throw Failure(source.name + line + ": " + setting.name + ": " + printable(wrong) + "; allowed: " + allowed);
}

uint32_t parse_number(const std::string& text, uint32_t least, uint32_t most) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    throw std::invalid_argument("'" + text + "' is not an integer from " + std::to_string(least) + " to " +
                                std::to_string(most));
  return number;
}

bool parse_boolean(const std::string& text) {
  for (const char* yes : {"yes", "true", "on", "1"})
    if (strcasecmp(text.c_str(), yes) == 0) return true;
  for (const char* no : {"no", "false", "off", "0"})
    if (strcasecmp(text.c_str(), no) == 0) return false;
  throw std::invalid_argument("'" + text + "' is neither yes nor no");
}

Prefix6 parse_pref64(const std::string& text) {
  const Prefix6 prefix = parse_prefix6(text);
  if (!is_pref64(prefix)) throw std::invalid_argument("'" + text + "' is no prefix of RFC 6052");
  return prefix;
}

bool is_clat_address(const in_addr& address) { return contains(parse_prefix4("192.0.0.0/29"), address); }

void set_links(const Source& source, TomlTable& table) {
  if (!source.downlinks.empty()) table.set("downlinks", toml(source.downlinks));
  if (!source.uplinks.empty()) table.set("uplinks", toml(source.uplinks));
}

void refuse_links(const Source& source, const std::string& what) {
  if (!source.downlinks.empty() || !source.uplinks.empty())
    throw UsageError(source.name + " is " + what + ", which has neither --uplinks nor --downlinks");
}

}  // namespace ipxlat::ctl
