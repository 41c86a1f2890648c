// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct SaveOptions {
  std::string device;
  bool json = false;
};

void save(Context& context, const SaveOptions& options) {
  auto config = value_of(get_config(*open_devices(context), options.device));
  if (!options.json) {
    context.out << format_settings(config);
    return;
  }
  auto json = settings_json(config.settings);
  json["local_map"] = map_json(config.map);
  print_json(context.out, json);
}

}  // namespace

void add_save(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("save", "print all that a device was told, for restore");
  auto options = std::make_shared<SaveOptions>();
  command->add_option("DEV", options->device, "the device")->required();
  command->add_flag("--json", options->json, "as JSON, which restore does not read");
  command->callback([&context, options] { save(context, *options); });
}

}  // namespace ipxlat::ctl
