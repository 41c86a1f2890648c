// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

void monitor(Context& context, bool json) {
  expect(open_devices(context)->watch([&](const DeviceState& device) {
    if (json)
      print_json(context.out, device_json(device));
    else
      context.out << device_text(device);
    context.out.flush();
    return context.out.good();
  }));
}

}  // namespace

void add_monitor(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("monitor", "print devices as their settings change, until interrupted");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "as JSON, an object a line");
  command->callback([&context, json] { monitor(context, *json); });
}

}  // namespace ipxlat::ctl
