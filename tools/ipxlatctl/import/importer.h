// SPDX-License-Identifier: GPL-2.0-only
// Other programs' configurations, read and turned into that of ipxlatd. What a file does not say is left to
// ipxlatd's own defaults.
#ifndef IPXLAT_TOOLS_IPXLATCTL_IMPORT_IMPORTER_H
#define IPXLAT_TOOLS_IPXLATCTL_IMPORT_IMPORTER_H

#include <stdexcept>
#include <string>
#include <vector>

#include "tools/ipxlatctl/context.h"
#include "tools/ipxlatctl/import/account.h"
#include "tools/ipxlatctl/import/toml_table.h"

namespace ipxlat::ctl {

struct Source {
  std::string name;  // of the file
  std::string text;  // all of it
  // What files of this kind do not say and ipxlatd wants to know.
  std::vector<std::string> uplinks{};
  std::vector<std::string> downlinks{};
  std::string kind{};  // "nat64", "siit" or empty, for Jool
};

struct Imported {
  Account account;
  std::vector<TomlTable> tables;
};

// Failure: the file is malformed. UsageError: the words that go with it do not.
Imported import_jool(const Source& source);
Imported import_tayga(const Source& source);
Imported import_clatd(const Source& source);

// "tayga.conf:3: prefix: 'x' is not an IPv6 prefix; allowed: ..."
[[noreturn]] void refuse(const Source& source, const Setting& setting, const std::string& wrong,
                         const std::string& allowed);

// What `parse` makes of `text`. It throws std::invalid_argument with a sentence.
template <class Parse>
auto parsed(const Source& source, const Setting& setting, const std::string& text, const std::string& allowed,
            Parse parse) {
  try {
    return parse(text);
  } catch (const std::invalid_argument& error) {
    refuse(source, setting, error.what(), allowed);
  }
}

// Integers in decimal; std::invalid_argument.
uint32_t parse_number(const std::string& text, uint32_t least, uint32_t most);
// yes, true, on, 1 and no, false, off, 0, in letters of either size; std::invalid_argument.
bool parse_boolean(const std::string& text);
// A prefix of RFC 6052; std::invalid_argument.
Prefix6 parse_pref64(const std::string& text);

inline constexpr const char* kBooleanAllowed = "yes, no, true, false, on, off, 1 or 0";
inline constexpr const char* kPref64Allowed =
    "an IPv6 prefix of length 32, 40, 48, 56, 64 or 96, such as 64:ff9b::/96";

// Whether it is an address that a CLAT has toward its host (RFC 7335).
bool is_clat_address(const in_addr& address);

// Sets uplinks and downlinks as far as the source has them.
void set_links(const Source& source, TomlTable& table);
// UsageError, if it has them: such an instance has no interfaces.
void refuse_links(const Source& source, const std::string& what);

}  // namespace ipxlat::ctl

#endif
