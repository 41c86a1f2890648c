// SPDX-License-Identifier: GPL-2.0-only
#include <charconv>
#include <istream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

#include "lib/settings.h"

namespace ipxlat {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kAllowed =
    "remote-prefix6, local-map, lowest-ipv6-mtu, icmp-source4, udp-zero-checksum";

[[noreturn]] void fail(const std::string& sentence) { throw std::invalid_argument(sentence); }

uint32_t parse_mtu(const std::string& text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) fail("'" + text + "' is not a number of bytes (1280 to 65535)");
  return value;
}

// Reads settings one by one into a change.
class SettingsReader {
 public:
  // Returns how many words the setting at `at` has, its name included.
  size_t read(const Words& words, size_t at) {
    const std::string& name = words[at];
    if (name == "local-map") return read_map(words, at);
    if (name == "remote-prefix6")
      read_remote_prefix6(value(words, at, "an IPv6 prefix or none"));
    else if (name == "lowest-ipv6-mtu")
      change_.lowest_ipv6_mtu = parse_mtu(value(words, at, "a number of bytes"));
    else if (name == "icmp-source4")
      change_.icmp_source4 = parse_address4(value(words, at, "an IPv4 address"));
    else if (name == "udp-zero-checksum")
      change_.udp_zero_checksum = parse_udp_zero_checksum(value(words, at, "compute, drop or forward"));
    else
      fail("'" + name + "' is not a setting (allowed: " + kAllowed + ")");
    if (!seen_.insert(name).second) fail(name + " is given twice");
    return 2;
  }

  Change take() { return std::move(change_); }
  size_t map_size() const { return change_.map_add.size(); }

 private:
  static const std::string& value(const Words& words, size_t at, const char* wanted) {
    if (at + 1 >= words.size()) fail(words[at] + " needs " + wanted);
    return words[at + 1];
  }

  void read_remote_prefix6(const std::string& text) {
    if (text == "none")
      change_.unset_remote_prefix6 = true;
    else
      change_.remote_prefix6 = parse_prefix6(text);
  }

  size_t read_map(const Words& words, size_t at) {
    constexpr const char* kWanted = "an IPv4 prefix and an IPv6 prefix, or none";
    bool none = value(words, at, kWanted) == "none";
    if (change_.map_flush && (none || change_.map_add.empty()))
      fail(none && change_.map_add.empty() ? "local-map none is given twice"
                                           : "local-map is given both as none and with an entry");
    change_.map_flush = true;
    if (none) return 2;
    if (at + 2 >= words.size()) fail(std::string("local-map needs ") + kWanted);
    change_.map_add.push_back(parse_map_entry(words[at + 1], words[at + 2]));
    return 3;
  }

  Change change_;
  std::set<std::string> seen_;
};

// Calls `read_line` with the words of every line that has any; adds where an error was found.
template <class ReadLine>
void for_each_line(std::istream& in, const std::string& name, std::vector<std::string>* refusals,
                   ReadLine read_line) {
  size_t number = 0;
  std::string line;
  while (std::getline(in, line)) {
    ++number;
    line.erase(std::min(line.find('#'), line.size()));
    std::istringstream stream(line);
    Words words(std::istream_iterator<std::string>(stream), {});
    if (words.empty()) continue;
    try {
      read_line(words, number);
    } catch (const std::invalid_argument& error) {
      const std::string refusal = name + ":" + std::to_string(number) + ": " + error.what();
      if (!refusals) fail(refusal);
      refusals->push_back(refusal);
    }
  }
  if (in.bad()) fail(name + ": cannot be read");
}

}  // namespace

Change parse_settings(const Words& words) {
  SettingsReader reader;
  for (size_t at = 0; at < words.size();) at += reader.read(words, at);
  return reader.take();
}

Change parse_settings(std::istream& in, const std::string& name, std::vector<size_t>* map_lines) {
  SettingsReader reader;
  for_each_line(in, name, nullptr, [&](const Words& words, size_t line) {
    size_t used = reader.read(words, 0);
    if (used < words.size()) fail("'" + words[used] + "' is one word too many for " + words[0]);
    if (map_lines) map_lines->resize(reader.map_size(), line);
  });
  return reader.take();
}

std::vector<MapEntry> parse_map(std::istream& in, const std::string& name, std::vector<size_t>* map_lines,
                                std::vector<std::string>* refusals) {
  std::vector<MapEntry> map;
  for_each_line(in, name, refusals, [&](const Words& words, size_t line) {
    if (words.size() != 2)
      fail("a line has an IPv4 prefix and an IPv6 prefix, and not " + std::to_string(words.size()) +
           (words.size() == 1 ? " word" : " words"));
    map.push_back(parse_map_entry(words[0], words[1]));
    if (map_lines) map_lines->push_back(line);
  });
  return map;
}

std::string format_settings(const DeviceConfig& config) {
  const Settings& settings = config.settings;
  std::string text = "remote-prefix6 " +
                     (settings.remote_prefix6 ? to_string(*settings.remote_prefix6) : "none") +
                     "\nlowest-ipv6-mtu " + std::to_string(settings.lowest_ipv6_mtu) +  //
                     "\nicmp-source4 " + to_string(settings.icmp_source4) +             //
                     "\nudp-zero-checksum " + to_string(settings.udp_zero_checksum) + "\n";
  if (config.map.empty()) text += "local-map none\n";
  for (const MapEntry& entry : config.map) text += "local-map " + to_string(entry) + "\n";
  return text;
}

std::string to_string(UdpZeroChecksum policy) {
  switch (policy) {
    case UdpZeroChecksum::kCompute:
      return "compute";
    case UdpZeroChecksum::kDrop:
      return "drop";
    case UdpZeroChecksum::kForward:
      return "forward";
  }
  return std::to_string(static_cast<uint32_t>(policy));
}

UdpZeroChecksum parse_udp_zero_checksum(std::string_view text) {
  for (auto policy : {UdpZeroChecksum::kCompute, UdpZeroChecksum::kDrop, UdpZeroChecksum::kForward})
    if (to_string(policy) == text) return policy;
  throw std::invalid_argument("'" + std::string(text) + "' is not compute, drop or forward");
}

}  // namespace ipxlat
