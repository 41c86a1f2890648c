// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/input.h"
#include "tools/ipxlatctl/settings_json.h"

namespace ipxlat::ctl {
namespace {

struct RestoreOptions {
  std::string device;
  std::string file;
};

void restore(Context& context, const RestoreOptions& options) {
  Input input(context, options.file);
  std::vector<size_t> lines;
  Change change = input.is_json() ? change_of(input.json(), input.name())
                                  : parse_settings(input.stream(), input.name(), &lines);
  if (change.empty()) throw Failure(input.name() + ": no setting in it");
  apply_from(context, options.device, change, input.name(), lines);
}

}  // namespace

void add_restore(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("restore", "make the settings that save printed, all at once");
  auto options = std::make_shared<RestoreOptions>();
  command->add_option("DEV", options->device, "the device")->required();
  command->add_option("FILE", options->file, "settings, one a line, or the JSON of save; - is standard input")
      ->required();
  command->callback([&context, options] { restore(context, *options); });
}

}  // namespace ipxlat::ctl
