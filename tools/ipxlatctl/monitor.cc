// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/settings_json.h"

namespace ipxlat::ctl {
namespace {

const char* name_of(DeviceEvent::Kind kind) {
  switch (kind) {
    case DeviceEvent::kAdded:
      return "added";
    case DeviceEvent::kChanged:
      return "changed";
    case DeviceEvent::kRemoved:
      return "removed";
    case DeviceEvent::kLost:
      return "lost";
  }
  return "";
}

void print(std::ostream& out, const DeviceEvent& event, Time now) {
  out << time_text(now) << " ";
  if (event.kind == DeviceEvent::kLost)
    out << "some changes were lost; what they came to follows\n";
  else if (event.kind == DeviceEvent::kRemoved)
    out << "removed " << event.device.ifname << "\n";
  else
    out << name_of(event.kind) << " " << device_text(event.device);
}

nlohmann::ordered_json event_json(const DeviceEvent& event, Time now) {
  nlohmann::ordered_json json = {{"time", time_json(now)}, {"event", name_of(event.kind)}};
  if (event.kind != DeviceEvent::kLost) json.update(device_json(event.device));
  return json;
}

void monitor(Context& context) {
  expect(open_devices(context)->watch([&](const DeviceEvent& event) {
    if (context.json)
      print_json(context.out, event_json(event, context.now()));
    else
      print(context.out, event, context.now());
    context.out.flush();
    return context.out.good();
  }));
}

}  // namespace

void add_monitor(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("monitor", "print what becomes of devices, until interrupted");
  command->callback([&context] { monitor(context); });
}

}  // namespace ipxlat::ctl
