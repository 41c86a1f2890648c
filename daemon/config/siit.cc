// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <sstream>
#include <system_error>

#include "core/map.h"
#include "daemon/config/instance.h"
#include "daemon/config/text_file.h"

namespace ipxlat {
namespace {

constexpr const char* kMapAllowed =
    "an array of [IPv4 prefix, IPv6 prefix], such as [[\"198.51.100.10/32\", \"2001:db8:12::10/128\"]]";
constexpr const char* kMapFileAllowed = "a file of lines \"IPv4-prefix IPv6-prefix\"";

// of a file in another format not every line is worth a sentence
constexpr size_t kMostRefusals = 20;

// A map as it was written; an entry and its line have the same index.
struct WrittenMap {
  std::vector<MapEntry> entries;
  std::vector<size_t> lines;
};

WrittenMap read_inline_map(TableReader& reader) {
  WrittenMap map;
  for (const auto& [text4, text6, line] : reader.pairs("local-map", kMapAllowed)) {
    try {
      map.entries.push_back({parse_network4(text4), parse_network6(text6)});
      map.lines.push_back(line);
    } catch (const std::invalid_argument& error) {
      reader.refuse_at(line, "local-map", error.what(), kMapAllowed);
    }
  }
  return map;
}

WrittenMap read_map_file(TableReader& reader, const std::filesystem::path& path) {
  WrittenMap map;
  std::vector<std::string> refusals;
  try {
    std::istringstream in(read_text(path));
    map.entries = parse_map(in, path.string(), &map.lines, &refusals);
  } catch (const std::system_error& error) {
    refusals = {"'" + path.string() + "' cannot be read: " + error.code().message()};
  }
  refusals.resize(std::min(refusals.size(), kMostRefusals));
  for (const auto& refusal : refusals) reader.refuse("local-map-file", refusal, kMapFileAllowed);
  return map;
}

struct Refusal {
  std::string sentence;
  size_t entry;
};

// What the kernel would say of the map.
std::optional<Refusal> map_refusal(const std::vector<MapEntry>& map) {
  std::vector<ipxlat_map_entry> entries;
  for (const auto& [prefix4, prefix6] : map)
    entries.push_back({prefix6.address, prefix4.address.s_addr, prefix6.length, prefix4.length,
                       static_cast<u32>(entries.size())});
  for (const auto& entry : entries)
    if (const char* sentence = ipxlat_map_entry_refusal(&entry)) return Refusal{sentence, entry.tag};
  std::vector<uint64_t> memory(ipxlat_map_size(static_cast<u32>(entries.size())) / sizeof(uint64_t) + 1);
  ipxlat_map built{};
  u32 blame = 0;
  const char* sentence =
      ipxlat_map_build(&built, memory.data(), entries.data(), static_cast<u32>(entries.size()), &blame);
  if (sentence) return Refusal{sentence, blame};
  return std::nullopt;
}

std::vector<MapEntry> read_map(TableReader& reader) {
  const auto file = reader.text("local-map-file", "the path of a file");
  if (file && reader.has("local-map"))
    reader.refuse("local-map-file", "there is local-map, too", "one of the two");
  // beside the configuration file unless absolute
  const auto path = reader.file().parent_path() / file.value_or("");
  WrittenMap map = file ? read_map_file(reader, path) : read_inline_map(reader);
  // without the one that was refused, the next is found
  for (size_t told = 0; told < kMostRefusals; told++) {
    const auto refusal = map_refusal(map.entries);
    if (!refusal) break;
    const auto at = static_cast<std::ptrdiff_t>(refusal->entry);
    const std::string wrong = to_string(map.entries[refusal->entry]) + ": " + refusal->sentence;
    const size_t line = map.lines[refusal->entry];
    constexpr const char* kAllowed = "each prefix once, RFC 7757 section 3.2";
    if (file)
      reader.refuse("local-map-file", path.string() + ":" + std::to_string(line) + ": " + wrong, kAllowed);
    else
      reader.refuse_at(static_cast<unsigned>(line), "local-map", wrong, kAllowed);
    map.entries.erase(map.entries.begin() + at);
    map.lines.erase(map.lines.begin() + at);
  }
  std::sort(map.entries.begin(), map.entries.end());
  return map.entries;
}

}  // namespace

SiitConfig read_siit(TableReader& reader, const std::string& name) {
  SiitConfig config;
  config.name = name;
  config.device = read_device(reader, name);
  config.settings = read_settings(reader);
  config.settings.remote_prefix6 = read_remote_prefix(reader, "remote-prefix6");
  config.map = read_map(reader);
  config.flowtable_links = read_links(reader, "flowtable-links");
  if (auto manage = reader.boolean("manage-sysctls")) config.manage_sysctls = *manage;
  reader.finish();
  const bool refused =
      reader.refused("remote-prefix6") || reader.refused("local-map") || reader.refused("local-map-file");
  if (!refused && !config.settings.remote_prefix6 && config.map.empty())
    reader.refuse("", "it would translate nothing",
                  "remote-prefix6, local-map or local-map-file, or several of them");
  return config;
}

}  // namespace ipxlat
