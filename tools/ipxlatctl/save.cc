// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/settings_json.h"

namespace ipxlat::ctl {
namespace {

void save(Context& context, const std::string& name) {
  auto devices = open_devices(context);
  if (!context.json) {
    context.out << format_settings(value_of(get_config(*devices, name)));
    return;
  }
  auto json = device_json(value_of(devices->get(name)));
  json["local_map"] = map_json(value_of(devices->get_map(name)));
  print_json(context.out, nlohmann::ordered_json::array({json}));
}

}  // namespace

void add_save(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("save", "print all that a device was told, for restore");
  auto name = std::make_shared<std::string>();
  command->add_option("DEV", *name, "the device")->required();
  command->callback([&context, name] { save(context, *name); });
}

}  // namespace ipxlat::ctl
