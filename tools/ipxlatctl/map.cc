// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/input.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/settings_json.h"

namespace ipxlat::ctl {
namespace {

struct MapOptions {
  std::string device;
  std::string prefix4;
  std::string prefix6;
  std::string file;
};

MapEntry parse_entry(const MapOptions& options) {
  try {
    return parse_map_entry(options.prefix4, options.prefix6);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

void map_add(Context& context, const MapOptions& options) {
  Change change;
  change.map_add.push_back(parse_entry(options));
  expect(open_devices(context)->change(options.device, change));
}

void map_del(Context& context, const MapOptions& options) {
  Change change;
  change.map_del.push_back(parse_entry(options));
  expect(open_devices(context)->change(options.device, change));
}

void map_load(Context& context, const MapOptions& options) {
  Input input(context, options.file);
  std::vector<size_t> lines;
  Change change;
  change.map_flush = true;
  if (input.is_json())
    change.map_add = map_of(input.json(), input.name());
  else
    change.map_add = parse_map(input.stream(), input.name(), &lines);
  apply_from(context, options.device, change, input.name(), lines);
}

void map_show(Context& context, const MapOptions& options) {
  auto map = value_of(open_devices(context)->get_map(options.device));
  if (context.json) return print_json(context.out, map_json(map));
  for (const MapEntry& entry : map) context.out << to_string(entry) << "\n";
}

}  // namespace

void add_map(CLI::App& app, Context& context) {
  auto* map = app.add_subcommand("map", "print or change the local map of a device");
  map->require_subcommand(1);
  auto options = std::make_shared<MapOptions>();
  auto add = [&](const char* name, const char* what, void (*function)(Context&, const MapOptions&)) {
    auto* command = map->add_subcommand(name, what);
    command->add_option("DEV", options->device, "the device")->required();
    command->callback([&context, options, function] { function(context, *options); });
    return command;
  };
  for (auto* command : {add("add", "add an entry", map_add), add("del", "remove an entry", map_del)}) {
    command->add_option("V4PREFIX", options->prefix4, "ADDRESS/LENGTH")->required();
    command->add_option("V6PREFIX", options->prefix6, "ADDRESS/LENGTH")->required();
  }
  add("load", "replace the whole map at once", map_load)
      ->add_option("FILE", options->file,
                   "lines of V4PREFIX V6PREFIX, or the JSON of map show; - is standard input")
      ->required();
  add("show", "print the map", map_show);
}

}  // namespace ipxlat::ctl
