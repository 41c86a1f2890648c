// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/config/config.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  bool json = false;
};

void check(Context& context, const CheckOptions& options) {
  try {
    load_config({options.files.begin(), options.files.end()});
  } catch (const ConfigError& error) {
    if (!options.json) throw Failure(error.what());
    print_json(context.out, {{"valid", false}, {"error", error.what()}});
    throw Failure(error.what());
  }
  if (options.json)
    print_json(context.out, {{"valid", true}, {"error", nullptr}});
  else
    context.out << "valid\n";
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("check", "validate a configuration of ipxlatd");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("FILE", options->files, "the file, or all that are read together")->required();
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&context, options] { check(context, *options); });
}

}  // namespace ipxlat::ctl
