// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <fstream>

#include "core/map.h"
#include "daemon/config/instance.h"

namespace ipxlat {
namespace {

constexpr const char* kMapAllowed =
    "an array of [IPv4 prefix, IPv6 prefix], such as [[\"198.51.100.10/32\", \"2001:db8:12::10/128\"]]";

std::vector<MapEntry> read_inline_map(TableReader& reader, std::vector<unsigned>* lines) {
  std::vector<MapEntry> map;
  for (const auto& [text4, text6] : reader.pairs("local-map", kMapAllowed, lines)) {
    try {
      map.push_back({parse_network4(text4), parse_network6(text6)});
    } catch (const std::invalid_argument& error) {
      reader.refuse_at((*lines)[map.size()], "local-map", error.what(), kMapAllowed);
    }
  }
  return map;
}

std::vector<MapEntry> read_map_file(TableReader& reader, const std::string& text) {
  // beside the configuration file unless absolute
  const std::filesystem::path path = reader.file().parent_path() / text;
  const std::string allowed = "a file of lines \"IPv4-prefix IPv6-prefix\"";
  std::ifstream in(path);
  if (!in) reader.refuse("local-map-file", "'" + path.string() + "' cannot be read", allowed);
  try {
    return parse_map(in, path.string());
  } catch (const std::invalid_argument& error) {
    reader.refuse("local-map-file", error.what(), allowed);
  }
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
  std::vector<unsigned> lines;
  std::vector<MapEntry> map = file ? read_map_file(reader, *file) : read_inline_map(reader, &lines);
  if (auto refusal = map_refusal(map)) {
    const std::string wrong = to_string(map[refusal->entry]) + ": " + refusal->sentence;
    if (file) reader.refuse("local-map-file", wrong, "each prefix once, RFC 7757 section 3.2");
    reader.refuse_at(lines[refusal->entry], "local-map", wrong, "each prefix once, RFC 7757 section 3.2");
  }
  std::sort(map.begin(), map.end());
  return map;
}

}  // namespace

SiitConfig read_siit(TableReader& reader, const std::string& name) {
  SiitConfig config;
  config.name = name;
  config.device = read_device(reader, name);
  config.settings = read_settings(reader);
  config.settings.remote_prefix6 = read_remote_prefix(reader, "remote-prefix6");
  config.map = read_map(reader);
  if (auto manage = reader.boolean("manage-sysctls")) config.manage_sysctls = *manage;
  reader.finish();
  if (!config.settings.remote_prefix6 && config.map.empty())
    reader.refuse("", "it would translate nothing",
                  "remote-prefix6, local-map or local-map-file, or several of them");
  return config;
}

}  // namespace ipxlat
