// SPDX-License-Identifier: GPL-2.0-only
// Settings as text: what a save file or a command line may hold. A zero byte ends the first of two texts.
#include <algorithm>
#include <iterator>
#include <optional>
#include <sstream>

#include "lib/core_config.h"
#include "tests/fuzz/claim.h"

namespace ipxlat::test {
namespace {

bool same(const Change& a, const Change& b) {
  // two texts say the same if they make the same of two different devices
  for (const char* before : {"udp-zero-checksum drop", "udp-zero-checksum forward lowest-ipv6-mtu 9000"}) {
    std::istringstream words(before);
    DeviceConfig one;
    apply_change(one, parse_settings({std::istream_iterator<std::string>(words), {}}));
    one.settings.remote_prefix6 = parse_prefix6("2001:db8::/32");
    one.map.push_back(parse_map_entry("192.0.2.1", "2001:db8::1"));
    DeviceConfig other = one;
    apply_change(one, a);
    apply_change(other, b);
    if (!(one == other)) return false;
  }
  return a.empty() == b.empty();
}

std::string refusal(const std::invalid_argument& error) {
  const std::string sentence = error.what();
  claim(!sentence.empty(), "a refusal says why");
  return sentence;
}

// Nothing if the text is refused.
std::optional<Change> read_text(const std::string& text) {
  std::istringstream in(text);
  std::vector<size_t> lines;
  try {
    Change change = parse_settings(in, "input", &lines);
    claim(lines.size() == change.map_add.size(), "each map entry has a line");
    claim(std::is_sorted(lines.begin(), lines.end()), "map entries are in the order of their lines");
    return change;
  } catch (const std::invalid_argument& error) {
    claim(refusal(error).starts_with("input:"), "a refusal says in which line");
    return {};
  }
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string line; std::getline(in, line);) {
    std::istringstream rest(line.substr(0, line.find('#')));
    words.insert(words.end(), std::istream_iterator<std::string>(rest), {});
  }
  return words;
}

std::optional<Change> read_words(const std::vector<std::string>& words) {
  try {
    return parse_settings(words);
  } catch (const std::invalid_argument& error) {
    refusal(error);
    return {};
  }
}

// What the kernel would say.
bool is_accepted(const DeviceConfig& config) {
  try {
    CoreConfig core(config);
    claim(core.map().count == config.map.size(), "an accepted map has all of its entries");
    return true;
  } catch (const std::invalid_argument& error) {
    refusal(error);
    return false;
  }
}

// The device after `text`, if it is well-formed.
std::optional<DeviceConfig> claim_text(const std::string& text) {
  auto change = read_text(text);
  auto from_words = read_words(words_of(text));
  claim(!change || from_words, "what a file may say a command line may say");
  if (!change) return {};
  claim(same(*change, *from_words), "a file and a command line mean the same");

  DeviceConfig config;
  apply_change(config, *change);
  const std::string printed = format_settings(config);
  auto again = read_text(printed);
  claim(again.has_value(), "what is printed can be read");
  claim(same(*again, replace_with(config)), "what is printed is read back as the same settings");
  return config;
}

void claim_map_text(const std::string& text) {
  std::istringstream in(text);
  std::vector<size_t> lines;
  std::vector<MapEntry> map;
  try {
    map = parse_map(in, "input", &lines);
  } catch (const std::invalid_argument& error) {
    claim(refusal(error).starts_with("input:"), "a refusal says in which line");
    return;
  }
  claim(lines.size() == map.size(), "each map entry has a line");
  std::string printed;
  for (const MapEntry& entry : map) printed += to_string(entry) + "\n";
  std::istringstream again(printed);
  claim(parse_map(again, "printed") == map, "a map that is printed is read back as the same");
}

void claim_difference(DeviceConfig from, const DeviceConfig& to) {
  Change change = difference(from, to);
  apply_change(from, change);
  claim(from == to, "the difference between two settings makes one of the other");
  claim(difference(from, to).empty(), "there is no difference between the same settings");
}

void claim_texts(const std::string& text) {
  const size_t end = std::min(text.find('\0'), text.size());
  auto first = claim_text(text.substr(0, end));
  auto second = claim_text(text.substr(std::min(end + 1, text.size())));
  claim_map_text(text);
  const bool first_accepted = first && is_accepted(*first);
  const bool second_accepted = second && is_accepted(*second);
  if (first_accepted && second_accepted) claim_difference(*first, *second);
}

}  // namespace
}  // namespace ipxlat::test

// What it costs is paid for each exception, and refusals are exceptions here.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ipxlat::test::hold([&] { ipxlat::test::claim_texts(text); }, [&] { return text; });
  return 0;
}
