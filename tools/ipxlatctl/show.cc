// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct ShowOptions {
  std::string device;
  bool json = false;
};

void show(Context& context, const ShowOptions& options) {
  auto devices = open_devices(context);
  std::vector<DeviceState> shown;
  if (options.device.empty())
    shown = value_of(devices->list());
  else
    shown.push_back(value_of(devices->get(options.device)));

  auto all = nlohmann::ordered_json::array();
  for (const DeviceState& device : shown) {
    if (options.json)
      all.push_back(device_json(device));
    else
      context.out << device_text(device);
  }
  if (options.json) print_json(context.out, all);
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("show", "print devices and their settings");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("DEV", options->device, "a device; all if absent");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&context, options] { show(context, *options); });
}

}  // namespace ipxlat::ctl
