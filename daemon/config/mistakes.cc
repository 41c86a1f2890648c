// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/mistakes.h"

#include <algorithm>
#include <utility>

namespace ipxlat {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

ConfigError::ConfigError(std::vector<std::string> all)
    : std::runtime_error(joined(all)), sentences(std::move(all)) {}

void Mistakes::add(const std::filesystem::path& file, unsigned line, const std::string& sentence) {
  const auto found = std::find(files_.begin(), files_.end(), file);
  const auto index = static_cast<size_t>(found - files_.begin());
  if (found == files_.end()) files_.push_back(file);
  sentences_.emplace(std::pair(index, line), sentence);
}

void Mistakes::throw_if_any() const {
  std::vector<std::string> all;
  for (const auto& [place, sentence] : sentences_) {
    const auto& [file, line] = place;
    all.push_back(files_[file].string() + (line ? ":" + std::to_string(line) : "") + ": " + sentence);
  }
  if (!all.empty()) throw ConfigError(std::move(all));
}

}  // namespace ipxlat
