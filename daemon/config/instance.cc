// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/instance.h"

#include <net/if.h>

#include <algorithm>

#include "core/addr.h"

namespace ipxlat {
namespace {

constexpr const char* kLinkAllowed = "1 to 15 characters without blanks, '/' and ':', not '.' or '..'";

// Throws std::invalid_argument.
std::string link_name(const std::string& text) {
  const bool bad_character = std::any_of(text.begin(), text.end(), [](unsigned char c) {
    return c <= ' ' || c == 0x7f || c == '/' || c == ':' || c == '"' || c == '*' || c == '?';
  });
  if (text.empty() || text.size() >= IFNAMSIZ || text == "." || text == ".." || bad_character)
    throw std::invalid_argument("'" + text + "' cannot be the name of an interface");
  return text;
}

// The core's sentences begin with the name of the kernel's attribute.
std::string without_attribute(const std::string& sentence) {
  return sentence.substr(sentence.find(": ") + 2);
}

Prefix6 remote_prefix(const std::string& text) {
  const Prefix6 prefix = parse_prefix6(text);
  const ipxlat_prefix6 checked{prefix.address, prefix.length};
  if (const char* refusal = ipxlat_addr_remote_refusal(&checked))
    throw std::invalid_argument("'" + text + "' is refused: " + without_attribute(refusal));
  return prefix;
}

}  // namespace

bool is_instance_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

std::string read_device(TableReader& reader, const std::string& name) {
  if (auto device = reader.parsed("device", kLinkAllowed, link_name)) return *device;
  if (reader.has("device") || !is_instance_name(name)) return "";
  try {
    return link_name(name);
  } catch (const std::invalid_argument&) {
    reader.refuse("", "its name cannot be the name of its device",
                  "'device = \"...\"' with " + std::string(kLinkAllowed));
    return "";
  }
}

std::vector<std::string> read_links(TableReader& reader, const std::string& key) {
  return reader.all_parsed(key, std::string("an array of interface names, ") + kLinkAllowed, link_name);
}

Settings read_settings(TableReader& reader) {
  Settings settings;
  const auto mtu = reader.integer("lowest-ipv6-mtu", IPXLAT_LOWEST_IPV6_MTU_MIN, IPXLAT_LOWEST_IPV6_MTU_MAX);
  if (mtu) settings.lowest_ipv6_mtu = static_cast<uint32_t>(*mtu);
  if (auto source = reader.parsed("icmp-source4", "an IPv4 address", parse_address4))
    settings.icmp_source4 = *source;
  if (auto policy =
          reader.parsed("udp-zero-checksum", "\"compute\", \"drop\" or \"forward\"", parse_udp_zero_checksum))
    settings.udp_zero_checksum = *policy;
  return settings;
}

std::optional<Prefix6> read_remote_prefix(TableReader& reader, const std::string& key) {
  return reader.parsed(key, "an IPv6 prefix of length 32, 40, 48, 56, 64 or 96, such as \"64:ff9b::/96\"",
                       remote_prefix);
}

}  // namespace ipxlat
