// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/status_rows.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// "a b" of a string, a number, a list of strings or nothing.
std::string words_of(const ordered_json& instance, const char* key) {
  if (!instance.contains(key)) return {};
  const ordered_json& value = instance[key];
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  std::string words;
  for (const auto& item : value) words += (words.empty() ? "" : " ") + item.get<std::string>();
  return words;
}

// "64:ff9b::/96 by router advertisement for 1740 s", unless it is said again.
std::string pref64_of(const ordered_json& instance) {
  std::string words = words_of(instance, "pref64");
  if (!instance.contains("pref64_from")) return words;
  words += " by " + words_of(instance, "pref64_from");
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto left = instance.value("pref64_until", int64_t{now.tv_sec}) - now.tv_sec;
  return words + " for " + std::to_string(std::max<int64_t>(left, 0)) + " s";
}

// "pref64 64:ff9b::/96, address 2001:db8::c1a7:1 dedicated".
std::string details_of(const ordered_json& instance) {
  std::string details;
  auto add = [&](const char* label, const std::string& words) {
    if (!words.empty()) details += (details.empty() ? "" : ", ") + std::string(label) + words;
  };
  if (instance.at("device") != instance.at("name")) add("device ", words_of(instance, "device"));
  add("pref64 ", pref64_of(instance));
  add("routes4 ", words_of(instance, "routes4"));
  add("", words_of(instance, "mode"));
  add("pool4 ", words_of(instance, "pool4"));
  add("pool6 ", words_of(instance, "pool6"));
  std::string address = words_of(instance, "address6");
  std::string address_mode = words_of(instance, "address6_mode");
  add("address ", address.empty() || address_mode.empty() ? address : address + " " + address_mode);
  add("local4 ", words_of(instance, "local4"));
  add("room for flows: ", words_of(instance, "max_flows"));
  add("uplinks ", words_of(instance, "uplinks"));
  add("downlinks ", words_of(instance, "downlinks"));
  return details;
}

// "1234 of 262144 connections".
std::string table_text(const ConnectionTable& table) {
  const std::string entries = std::to_string(table.entries);
  if (table.limit == 0) return entries + " connections, without a limit";
  return entries + " of " + std::to_string(table.limit) + " connections";
}

}  // namespace

StatusRow status_row(const ordered_json& instance, const std::optional<ConnectionTable>& table) {
  StatusRow row{instance.at("name"), instance.at("kind"), instance.at("state"), {}, {}};
  std::string why = instance.at("why");
  bool degraded = row.state == "degraded";
  if (degraded || row.state == "on") row.details = details_of(instance);
  if (row.details.empty())
    row.details = why;
  else if (degraded)
    row.notes.push_back("degraded: " + why);
  if (row.kind == "nat64" && table && (degraded || row.state == "on"))
    row.notes.push_back(table_text(*table));
  if (instance.contains("warnings"))
    for (const auto& warning : instance["warnings"])
      row.notes.push_back("warning: " + warning.get<std::string>());
  return row;
}

namespace {

int width_of(const std::vector<StatusRow>& rows, std::string StatusRow::* column) {
  size_t width = 0;
  for (const StatusRow& row : rows) width = std::max(width, (row.*column).size());
  return static_cast<int>(width);
}

}  // namespace

void print_status(std::ostream& out, const std::vector<StatusRow>& rows) {
  out << std::left;
  for (const StatusRow& row : rows) {
    out << std::setw(width_of(rows, &StatusRow::name)) << row.name << "  "  //
        << std::setw(width_of(rows, &StatusRow::kind)) << row.kind << "  "  //
        << std::setw(width_of(rows, &StatusRow::state)) << row.state << "  " << row.details << "\n";
    for (const std::string& note : row.notes) out << "    " << note << "\n";
  }
}

}  // namespace ipxlat::ctl
