// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/settings_json.h"

namespace ipxlat::ctl {
namespace {

void show(Context& context, const std::string& name) {
  auto devices = open_devices(context);
  std::vector<DeviceState> shown;
  if (name.empty())
    shown = value_of(devices->list());
  else
    shown.push_back(value_of(devices->get(name)));

  auto all = nlohmann::ordered_json::array();
  for (const DeviceState& device : shown) {
    if (context.json)
      all.push_back(device_json(device));
    else
      context.out << device_text(device);
  }
  if (context.json) print_json(context.out, all);
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("show", "print devices and their settings");
  auto name = std::make_shared<std::string>();
  command->add_option("DEV", *name, "a device; all if absent");
  command->callback([&context, name] { show(context, *name); });
}

}  // namespace ipxlat::ctl
