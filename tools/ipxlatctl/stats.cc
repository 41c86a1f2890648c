// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>

#include "kmod/core/reason.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct StatsOptions {
  std::string device;
  bool all = false;
  bool json = false;
};

void hide_zeros(DeviceStats& stats) {
  std::erase_if(stats.reasons, [](const ReasonCounter& counter) { return counter.packets == 0; });
}

nlohmann::ordered_json stats_json(const DeviceStats& stats) {
  auto reasons = nlohmann::ordered_json::array();
  for (const ReasonCounter& counter : stats.reasons)
    reasons.push_back({{"id", counter.id},
                       {"name", counter.name},
                       {"packets", counter.packets},
                       {"text", ipxlat_reason_text(counter.id)}});
  return {{"ifindex", stats.ifindex}, {"ifname", stats.ifname}, {"reasons", reasons}};
}

void print_text(std::ostream& out, const DeviceStats& stats) {
  size_t count_width = 0;
  size_t name_width = 0;
  for (const ReasonCounter& counter : stats.reasons) {
    count_width = std::max(count_width, std::to_string(counter.packets).size());
    name_width = std::max(name_width, counter.name.size());
  }
  out << stats.ifname << ":" << (stats.reasons.empty() ? " no packets yet" : "") << "\n";
  for (const ReasonCounter& counter : stats.reasons)
    out << "    " << std::right << std::setw(static_cast<int>(count_width)) << counter.packets << "  "
        << std::left << std::setw(static_cast<int>(name_width)) << counter.name << "  "
        << ipxlat_reason_text(counter.id) << "\n";
}

void stats(Context& context, const StatsOptions& options) {
  auto devices = open_devices(context);
  std::vector<DeviceStats> shown;
  if (options.device.empty())
    shown = value_of(devices->list_stats());
  else
    shown.push_back(value_of(devices->get_stats(options.device)));

  auto json = nlohmann::ordered_json::array();
  for (DeviceStats& device : shown) {
    if (!options.all) hide_zeros(device);
    if (options.json)
      json.push_back(stats_json(device));
    else
      print_text(context.out, device);
  }
  if (options.json) print_json(context.out, json);
}

}  // namespace

void add_stats(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("stats", "print what became of packets, counted by reason");
  auto options = std::make_shared<StatsOptions>();
  command->add_option("DEV", options->device, "a device; all if absent");
  command->add_flag("-a,--all", options->all, "with the rows that are zero");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&context, options] { stats(context, *options); });
}

}  // namespace ipxlat::ctl
