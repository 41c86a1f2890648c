// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "kmod/core/reason.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct StatsOptions {
  std::string device;
  bool all = false;
};

nlohmann::ordered_json traffic_json(const Traffic& traffic) {
  return {{"packets_in", traffic.packets_in},
          {"bytes_in", traffic.bytes_in},
          {"packets_out", traffic.packets_out},
          {"bytes_out", traffic.bytes_out}};
}

nlohmann::ordered_json count_json(const std::optional<uint64_t>& count) {
  return count ? nlohmann::ordered_json(*count) : nullptr;
}

nlohmann::ordered_json stats_json(const DeviceStats& stats) {
  auto reasons = nlohmann::ordered_json::array();
  for (const ReasonCounter& counter : stats.reasons)
    reasons.push_back({{"id", counter.id},
                       {"name", counter.name},
                       {"packets", counter.packets},
                       {"to_v4", count_json(counter.to_v4)},
                       {"to_v6", count_json(counter.to_v6)},
                       {"text", ipxlat_reason_text(counter.id)}});
  return {{"ifindex", stats.ifindex},
          {"ifname", stats.ifname},
          {"to_v4", traffic_json(stats.to_v4)},
          {"to_v6", traffic_json(stats.to_v6)},
          {"reasons", reasons}};
}

using Row = std::vector<std::string>;

// In columns that are as wide as their widest cell, numbers to the right.
void print_table(std::ostream& out, const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row& row : rows)
    for (size_t column = 0; column < row.size(); column++)
      widths[column] = std::max(widths[column], row[column].size());
  for (const Row& row : rows) {
    std::string line = "  ";
    for (size_t column = 0; column + 1 < row.size(); column++)
      line += "  " + std::string(widths[column] - row[column].size(), ' ') + row[column];
    out << line << (row.back().empty() ? "" : "  ") << row.back() << "\n";
  }
}

Row traffic_row(const char* name, const Traffic& traffic) {
  return {std::to_string(traffic.packets_in), std::to_string(traffic.bytes_in),
          std::to_string(traffic.packets_out), std::to_string(traffic.bytes_out), name};
}

std::string count_text(const std::optional<uint64_t>& count) { return count ? std::to_string(*count) : "-"; }

void print_text(std::ostream& out, const DeviceStats& stats, bool all) {
  out << stats.ifname << ":\n";
  print_table(out, {{"packets in", "bytes in", "packets out", "bytes out", ""},
                    traffic_row("6 to 4", stats.to_v4),
                    traffic_row("4 to 6", stats.to_v6)});
  std::vector<Row> rows{{"6 to 4", "4 to 6", "both", ""}};
  for (const ReasonCounter& counter : stats.reasons)
    if (all || counter.packets != 0)
      rows.push_back({count_text(counter.to_v4), count_text(counter.to_v6), std::to_string(counter.packets),
                      counter.name + ": " + ipxlat_reason_text(counter.id)});
  if (rows.size() > 1) print_table(out, rows);
}

void stats(Context& context, const StatsOptions& options) {
  auto devices = open_devices(context);
  std::vector<DeviceStats> shown;
  if (options.device.empty())
    shown = value_of(devices->list_stats());
  else
    shown.push_back(value_of(devices->get_stats(options.device)));

  auto json = nlohmann::ordered_json::array();
  for (const DeviceStats& device : shown) {
    if (context.json)
      json.push_back(stats_json(device));
    else
      print_text(context.out, device, options.all);
  }
  if (context.json) print_json(context.out, json);
}

}  // namespace

void add_stats(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("stats", "print what became of packets, counted by reason");
  auto options = std::make_shared<StatsOptions>();
  command->add_option("DEV", options->device, "a device; all if absent");
  command->add_flag("-a,--all", options->all, "with the rows that are zero, as in JSON");
  command->callback([&context, options] { stats(context, *options); });
}

}  // namespace ipxlat::ctl
