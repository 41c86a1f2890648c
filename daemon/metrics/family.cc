// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/metrics/family.h"

namespace ipxlat::metrics {
namespace {

std::string escaped(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (c == '\\' || c == '"') safe += '\\';
    safe += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return safe;
}

std::string labels_of(const Sample& sample) {
  std::string text;
  for (const auto& [name, value] : sample.labels)
    text += (text.empty() ? "{" : ",") + name + "=\"" + escaped(value) + "\"";
  return text.empty() ? text : text + "}";
}

}  // namespace

std::string openmetrics(const std::vector<Family>& families) {
  std::string text;
  for (const Family& family : families) {
    text += "# TYPE " + family.name + (family.type == Type::kCounter ? " counter\n" : " gauge\n");
    if (!family.unit.empty()) text += "# UNIT " + family.name + " " + family.unit + "\n";
    text += "# HELP " + family.name + " " + escaped(family.help) + "\n";
    for (const Sample& sample : family.samples)
      text += family.sample_name() + labels_of(sample) + " " + std::to_string(sample.value) + "\n";
  }
  return text + "# EOF\n";
}

}  // namespace ipxlat::metrics
